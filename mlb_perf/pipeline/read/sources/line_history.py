"""A user's file of past lines, as CSV or JSON, with the columns named by the user.

``--map home_team=TeamName2,moneyline_home=ML2,sportsbook:=pinnacle``: the left side is our name,
the right side a column of the file (in JSON a path such as ``odds[].price``), or after ``:=`` a
value for all rows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read import checks, numbers
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.json import Cursor
from mlb_perf.pipeline.read.layout import CSV, Layout
from mlb_perf.pipeline.read.mapping import Map
from mlb_perf.pipeline.read.numbers import Prices
from mlb_perf.pipeline.read.sources import sides
from mlb_perf.pipeline.read.sources.rows import payload
from mlb_perf.pipeline.read.sources.source import CsvSource, JsonSource
from mlb_perf.pipeline.records import Item, RawRecord

TABLE = "line_history"

PRICES = (
    "price", "moneyline_home", "moneyline_away", "spread_home_price", "spread_away_price",
    "over_price", "under_price",
)  # fmt: skip
LINES = ("line_value", "spread_home", "spread_away", "total")
NAMES = (
    "external_game_id", "game_date", "start_at", "home_team", "away_team", "game_number",
    "sportsbook", "collected_at", "line_kind", "market_type", "side", *LINES, *PRICES,
    "home_score", "away_score", "season", "league", "game_type", *sides.NAMES,
)  # fmt: skip
"""What a column may be mapped to."""

_NAME_LENGTH = 32
_MARKETS = {
    "moneyline": "moneyline", "ml": "moneyline", "h2h": "moneyline", "money": "moneyline",
    "spread": "spread", "spreads": "spread", "runline": "spread", "puckline": "spread",
    "pointspread": "spread", "handicap": "spread",
    "total": "total", "totals": "total", "overunder": "total", "ou": "total",
    "": "all", "all": "all",
}  # fmt: skip
_KINDS = {"": "closing", "closing": "closing", "close": "closing", "opening": "opening",
          "open": "opening"}  # fmt: skip
_BEFORE_START = {"closing": dt.timedelta(seconds=1), "opening": dt.timedelta(days=1)}
_LETTERS = re.compile(r"[^a-z0-9]")
_MADE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}:.*@.*:.*")


@dataclass(frozen=True, slots=True)
class LineHistory:
    """Which column is what: ``columns`` by our name, ``fixed`` values by our name.

    ``name`` is what the source is called, at most 32 characters. ``prices`` None: as the file's
    first rows show. ``layout`` says how dates, times and numbers are written.
    """

    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    prices: Prices | None = None
    name: str = ""
    layout: Layout = CSV

    def __post_init__(self) -> None:
        self.map.check(NAMES)
        given = self.map.given
        if self.prices not in (None, "american", "decimal"):
            raise LoadFailed(f"--odds-format {self.prices}: say american or decimal")
        if len(self.name) > _NAME_LENGTH:
            raise LoadFailed(f"--name {self.name} is longer than {_NAME_LENGTH} characters")
        teams = {"team", "side"} if "team" in given else {"home_team", "away_team"}
        for choices in (
            ("sportsbook",),
            ("external_game_id", "game_date", *sorted(teams)),
            ("collected_at", "start_at", "game_date"),
        ):
            if not given.intersection(choices):
                raise LoadFailed(f"--map has none of {_listed(choices)}; name its column in --map")
        if "external_game_id" not in given and not given >= {"game_date", *teams}:
            raise LoadFailed(
                "--map has no external_game_id, so it needs game_date, "
                + ("team and side" if "team" in given else "home_team and away_team")
            )

    @classmethod
    def from_words(
        cls,
        words: Iterable[str],
        *,
        prices: Prices | None = None,
        name: str = "",
        layout: Layout | None = None,
    ) -> LineHistory:
        """From ``ours=Theirs`` and ``ours:=value``, several to a word with commas between."""
        found = Map.from_words(words)
        return cls(found.columns, found.fixed, prices, name, layout or CSV)

    @property
    def map(self) -> Map:
        """The columns and the fixed values."""
        return Map(self.columns, self.fixed)

    def called(self, stem: str) -> LineHistory:
        """The same with a name, which is the file's if none was given."""
        return replace(self, name=self.name or stem[:_NAME_LENGTH])

    def settled(self, rows: Iterable[Mapping[str, str]]) -> LineHistory:
        """The same with the kind of prices that these rows show; American if they show none."""
        if self.prices:
            return self
        told = (row.get(name, "") for row in rows for name in (*PRICES, *sides.PRICES))
        return replace(self, prices=numbers.shown(map(self.number, told)) or "american")

    def number(self, text: str) -> str:
        """A number with a decimal point."""
        return numbers.with_point(text) if self.layout.decimal_comma else text


def source(options: LineHistory) -> CsvSource:
    """The source that reads a CSV as ``options`` say."""
    is_joined = "team" in options.map.given
    record = _joined_record if is_joined else _row_record
    return CsvSource(
        name=TABLE,
        table=TABLE,
        about=ABOUT,
        recognises=lambda _: False,
        record=partial(record, options.settled(())),
        needed=tuple(options.columns.values()),
        layout=options.layout,
        prepare=lambda rows: partial(record, options.settled(map(options.map.row, rows))),
        join=partial(sides.joined_rows, options.map) if is_joined else None,
    )


def json_source(options: LineHistory) -> JsonSource:
    """The source that reads JSON by the paths that ``options`` have."""
    return JsonSource(
        name=TABLE,
        table=TABLE,
        about=ABOUT,
        recognises=lambda _: False,
        items=partial(_json_items, options),
        needs_moment=False,
    )


ABOUT = "past lines, as CSV or JSON with --map"


def is_made(game_id: str) -> bool:
    """Whether the id is one that was made of date and teams."""
    return _MADE.fullmatch(game_id) is not None


def _json_items(options: LineHistory, cursor: Cursor, context: Context) -> Iterator[Item]:
    leaf = cursor.leaf()
    if leaf.problem:
        raise Refusal(leaf.problem)
    documents = leaf.value if isinstance(leaf.value, list) else [leaf.value]
    rows = [(context.origin(), row) for document in documents for row in options.map.rows(document)]
    settled = options.settled(row for _, row in rows)
    for origin, row in rows:
        try:
            yield _record(settled, row, origin)
        except Refusal as refusal:
            yield malformed(TABLE, origin, refusal, payload(row))


def _row_record(options: LineHistory, row: dict[str, str], _: Row, origin: str) -> RawRecord:
    return _record(options, options.map.row(row), origin)


def _joined_record(options: LineHistory, values: dict[str, str], _: Row, origin: str) -> RawRecord:
    return _record(options, values, origin)


def _record(options: LineHistory, values: dict[str, str], origin: str) -> RawRecord:
    for name in (*LINES, *PRICES):
        if name in values:
            values[name] = options.number(values[name])
    market = _LETTERS.sub("", values.get("market_type", "").lower())
    if market not in _MARKETS:
        told = values["market_type"].strip()[:20]
        raise Refusal(f"market_type {told!r} is not moneyline, spread or total")
    side = sides.side_of(values)
    # One word for each, so that a row in other words is the same row.
    values |= {
        name: word
        for name, word in (("market_type", _MARKETS[market]), ("side", side))
        if name in values
    }
    day = _dated(options, values)
    moment = _moment(options.layout, values, day)
    return RawRecord(
        TABLE,
        _game_id(values),
        moment,
        payload(values | {"prices": options.prices or "american"}),
        origin,
        checks.key(values["sportsbook"], "sportsbook"),
        _MARKETS[market],
        options.name,
        side,
        _line_key(values),
    )


def _dated(options: LineHistory, values: dict[str, str]) -> dt.date | None:
    """The game's date; dates and starts become ISO 8601 in ``values``."""
    layout, day = options.layout, None
    if given := values.get("game_date", "").strip():
        day = layout.date(given, "game_date", values.get("season", "").strip())
        values["game_date"] = day.isoformat()
    if given := values.get("start_at", "").strip():
        start = layout.moment(given, "start_at", day)
        values["start_at"] = f"{start:%Y-%m-%dT%H:%M:%SZ}"
    if number := values.get("game_number", "").strip():
        values["game_number"] = checks.key(number, "game_number")
    return day


def _game_id(values: dict[str, str]) -> str:
    """As given, else of the date, the teams, and the number or the start."""
    if given := values.get("external_game_id", "").strip():
        return checks.key(given, "external_game_id")
    told = [values.get(name, "").strip() for name in ("game_date", "away_team", "home_team")]
    if not all(told):
        raise Refusal("neither external_game_id nor game_date, away_team and home_team are given")
    number = values.get("game_number", "").strip()
    start = values.get("start_at", "").strip()
    last = number or (f"{start[11:16]}Z" if start else "1")
    return checks.key(f"{told[0]}:{told[1]}@{told[2]}:{last}", "the game's id")


def _moment(layout: Layout, values: dict[str, str], day: dt.date | None) -> dt.datetime:
    """When the line stood: as given, else by its kind.

    A line without a time is closing, or opening if the file says so. It stands a second or a day
    before the start; without a start at noon UTC of the day after, or before. ``without_time``
    keeps the kind, so that it follows the start.
    """
    if given := values.get("collected_at", "").strip():
        return layout.moment(given, "collected_at", day)
    told = values.get("line_kind", "").strip().lower()
    if told not in _KINDS:
        raise Refusal(f"line_kind {told[:20]!r} is not opening or closing")
    kind = values["without_time"] = _KINDS[told]
    if start := values.get("start_at", "").strip():
        return checks.in_range(
            dt.datetime.fromisoformat(start) - _BEFORE_START[kind], "start_at", checks.FIRST_SEASON
        )
    noon = checks.noon_after(values.get("game_date", ""), "game_date")
    return noon if kind == "closing" else noon - dt.timedelta(days=2)


def _line_key(values: Mapping[str, str]) -> str:
    """The lines of a row as text, so that alternate lines of one market are rows of their own."""
    home = values.get("spread_home", "").strip() or values.get("spread_away", "").strip()
    given = [values.get("line_value", "").strip(), home, values.get("total", "").strip()]
    return "/".join(numbers.normal(line) for line in given if line)[:_NAME_LENGTH]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
