"""Somebody's file of past lines, as CSV, with the columns named by the user.

``--map home_team=TeamName2,moneyline_home=ML2,sportsbook:=pinnacle``: what stands on the left is
ours, on the right is a column of the file, or after ``:=`` a value for all rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Literal, get_args

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.sources.rows import payload
from mlb_perf.pipeline.read.sources.source import CsvSource
from mlb_perf.pipeline.records import RawRecord

TABLE = "line_history"

NAMES = (
    "external_game_id", "game_date", "start_at", "home_team", "away_team", "game_number",
    "sportsbook", "collected_at", "market_type", "side", "line_value", "price", "moneyline_home",
    "moneyline_away", "spread_home", "spread_home_price", "spread_away_price", "total",
    "over_price", "under_price",
)  # fmt: skip
"""What a column may be mapped to."""

Prices = Literal["american", "decimal"]

_NAME_LENGTH = 32
_MARKETS = {
    "moneyline": "moneyline", "ml": "moneyline", "h2h": "moneyline",
    "spread": "spread", "spreads": "spread", "run_line": "spread", "runline": "spread",
    "total": "total", "totals": "total", "over_under": "total",
    "": "all", "all": "all",
}  # fmt: skip
_SIDES = ("home", "away", "over", "under", "all")
_LARGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class LineHistory:
    """Which column is what: ``columns`` by our name, ``fixed`` values by our name.

    ``name`` is what the source is called, at most 32 characters.
    """

    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    prices: Prices = "american"
    name: str = ""

    def __post_init__(self) -> None:
        given = {*self.columns, *self.fixed}
        if unknown := sorted(given.difference(NAMES)):
            raise LoadFailed(f"--map: no column is called {unknown[0]}; there are {_listed(NAMES)}")
        if self.prices not in get_args(Prices):
            raise LoadFailed(f"--prices {self.prices}: say american or decimal")
        if len(self.name) > _NAME_LENGTH:
            raise LoadFailed(f"--name {self.name} is longer than {_NAME_LENGTH} characters")
        for choices in (
            ("sportsbook",),
            ("external_game_id", "game_date", "home_team", "away_team"),
            ("collected_at", "start_at", "game_date"),
        ):
            if not given.intersection(choices):
                raise LoadFailed(f"--map has none of {_listed(choices)}; name its column in --map")
        if "external_game_id" not in given and not given >= {"game_date", "home_team", "away_team"}:
            raise LoadFailed(
                "--map has no external_game_id, so it needs game_date, home_team and away_team"
            )

    @classmethod
    def from_words(
        cls, words: Iterable[str], *, prices: Prices = "american", name: str = ""
    ) -> LineHistory:
        """From ``ours=Theirs`` and ``ours:=value``, several to a word with commas between."""
        columns: dict[str, str] = {}
        fixed: dict[str, str] = {}
        for pair in (pair for word in words for pair in word.split(",") if pair.strip()):
            ours, sign, theirs = pair.partition("=")
            if not sign or not theirs:
                raise LoadFailed(f"--map {pair}: write ours=Theirs, or ours:=value for all rows")
            into = fixed if ours.endswith(":") else columns
            into[ours.removesuffix(":").strip()] = theirs.strip()
        return cls(columns, fixed, prices, name)

    def called(self, stem: str) -> LineHistory:
        """The same with a name, which is the file's if none was given."""
        name = self.name or stem[:_NAME_LENGTH]
        return LineHistory(self.columns, self.fixed, self.prices, name)


def source(options: LineHistory) -> CsvSource:
    """The source that reads a file as ``options`` say."""
    return CsvSource(
        name=TABLE,
        table=TABLE,
        about=ABOUT,
        recognises=lambda _: False,
        record=partial(_record, options),
        needed=tuple(options.columns.values()),
    )


ABOUT = "past lines, as CSV with --map"


def _record(options: LineHistory, row: dict[str, str], _: Row, origin: str) -> RawRecord:
    values = {ours: row[theirs] for ours, theirs in options.columns.items()} | dict(options.fixed)
    market = values.get("market_type", "").strip().lower().replace(" ", "_")
    if market not in _MARKETS:
        raise Refusal(f"market_type {market[:20]!r} is not moneyline, spread or total")
    side = values.get("side", "").strip().lower() or "all"
    if side not in _SIDES:
        raise Refusal(f"side {side[:20]!r} is not home, away, over or under")
    return RawRecord(
        TABLE,
        _game_id(values),
        _moment(values),
        payload(values | {"prices": options.prices}),
        origin,
        checks.key(values["sportsbook"], "sportsbook"),
        _MARKETS[market],
        options.name,
        side,
        _line_key(values),
    )


def _game_id(values: dict[str, str]) -> str:
    if given := values.get("external_game_id", "").strip():
        return checks.key(given, "external_game_id")
    told = [values.get(name, "").strip() for name in ("game_date", "away_team", "home_team")]
    if not all(told):
        raise Refusal("neither external_game_id nor game_date, away_team and home_team are given")
    number = values.get("game_number", "").strip() or "1"
    return checks.key(f"{told[0]}:{told[1]}@{told[2]}:{number}", "the game's id")


def _moment(values: dict[str, str]) -> dt.datetime:
    """When the line stood: as given, else a second before the start, else as for results.

    A file of closing lines tells the start alone, and what stood at it is in play already.
    """
    for name, before in (("collected_at", dt.timedelta()), ("start_at", dt.timedelta(seconds=1))):
        if given := values.get(name, "").strip():
            return checks.in_range(checks.moment(given, name) - before, name)
    return checks.noon_after(values.get("game_date", ""), "game_date")


def _line_key(values: Mapping[str, str]) -> str:
    """The lines of a row as text, so that alternate lines of one market are rows of their own."""
    given = [values.get(name, "").strip() for name in ("line_value", "spread_home", "total")]
    return "/".join(_plain_number(line) for line in given if line)[:_NAME_LENGTH]


def _plain_number(text: str) -> str:
    """8.50 and +8.5 are 8.5; what is no number stays as it is, and is rejected in promotion."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    plausible = number.is_finite() and abs(number) < _LARGEST_LINE
    return f"{number.normalize():f}" if plausible else text


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
