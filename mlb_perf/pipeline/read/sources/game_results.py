"""A season's results as CSV, a game a row: ``game_pk, date, status, home_team_score, ...``.

No row says when it was known. Noon UTC of the day after the game's date is taken,
since a result cannot be known before the game is over. A file with other columns is read with
``--source game_results --map ours=Theirs,...``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.layout import CSV, Layout
from mlb_perf.pipeline.read.mapping import Map
from mlb_perf.pipeline.read.sources import sides
from mlb_perf.pipeline.read.sources.rows import dated, made_id, payload
from mlb_perf.pipeline.read.sources.source import CsvSource, Head, Values
from mlb_perf.pipeline.records import RawRecord

TABLE = "game_results"
NAME = "game_results"

NAMES = (
    "game_pk", "game_date", "start_at", "home_team", "away_team", "game_number", "home_score",
    "away_score", "status", "venue", "home_starting_pitcher", "away_starting_pitcher", "season",
    "league", "game_type", "team", "side", "score",
)  # fmt: skip
"""What a column may be mapped to."""

_STORED_AS = {
    "game_date": "date",
    "home_score": "home_team_score",
    "away_score": "away_team_score",
}


@dataclass(frozen=True, slots=True)
class MappedResults:
    """Which column of a file of results is what; ``name`` is what its source is called."""

    map: Map
    name: str = ""
    layout: Layout = CSV

    def __post_init__(self) -> None:
        self.map.check(NAMES)
        teams = ("team", "side") if "team" in self.map.given else ("home_team", "away_team")
        for name in ("game_date", *teams):
            if name not in self.map.given:
                raise LoadFailed(f"--map has no {name}; name its column in --map")

    @classmethod
    def from_words(
        cls, words: Iterable[str], *, name: str = "", layout: Layout = CSV
    ) -> MappedResults:
        """From ``ours=Theirs`` and ``ours:=value``, several to a word with commas between."""
        return cls(Map.from_words(words), name, layout)

    def called(self, stem: str) -> MappedResults:
        """The same with a name, which is the file's if none was given."""
        return replace(self, name=self.name or stem[:32])


def source(options: MappedResults) -> CsvSource:
    """The source that reads a file of results as ``options`` say."""
    is_joined = "team" in options.map.given
    return CsvSource(
        name=NAME,
        table=TABLE,
        about=SOURCE.about,
        recognises=lambda _: False,
        record=partial(_joined if is_joined else _mapped, options),
        needed=tuple(options.map.columns.values()),
        layout=options.layout,
        join=partial(sides.joined_rows, options.map) if is_joined else None,
    )


def _mapped(options: MappedResults, row: Values, _: Row, origin: str) -> RawRecord:
    return _joined(options, options.map.row(row), _, origin)


def _joined(options: MappedResults, values: Values, _: Row, origin: str) -> RawRecord:
    """With MLB's ids where the file has them; else with ids of the file's own."""
    dated(options.layout, values)
    pk = values.get("game_pk", "").strip()
    game_id = checks.key(pk, "game_pk") if pk else made_id(values)
    stored = {_STORED_AS.get(name, name): text for name, text in values.items()}
    return RawRecord(
        TABLE,
        game_id,
        checks.noon_after(values["game_date"], "game_date", checks.FIRST_SEASON),
        payload(stored),
        origin,
        source=NAME if pk else options.name,
    )


def _record(values: Values, _: Row, origin: str) -> RawRecord:
    return RawRecord(
        TABLE,
        checks.key(values["game_pk"], "game_pk"),
        checks.noon_after(values["date"], "date", checks.FIRST_SEASON),
        payload(values),
        origin,
        source=NAME,
    )


def _recognises(head: Head) -> bool:
    return head.has_columns("game_pk", "date", "home_team_score", "away_team_score")


SOURCE = CsvSource(
    name=NAME,
    table=TABLE,
    about="results of games, as CSV with game_pk and date, or with --map",
    recognises=_recognises,
    record=_record,
    needed=("game_pk", "date"),
)
