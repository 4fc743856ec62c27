"""A season's results as CSV, a game a row: ``game_pk, date, status, home_team_score, ...``.

The file says of no row when it was known. Noon UTC of the day after the game's date is taken,
since a result cannot be known before the game is over.
"""

from __future__ import annotations

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.sources.rows import payload
from mlb_perf.pipeline.read.sources.source import CsvSource, Head
from mlb_perf.pipeline.records import RawRecord

TABLE = "game_results"
NAME = "game_results"


def _record(values: dict[str, str], _: Row, origin: str) -> RawRecord:
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
    about="results of games, as CSV with game_pk and date",
    recognises=_recognises,
    record=_record,
    needed=("game_pk", "date"),
)
