"""What a reader of a feed yields, and what a load answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from mlb_perf.formatting import LONGEST_VALUE, printable

TEXT_KEPT = 100_000
"""How much of a malformed record is kept, in characters."""

_FEED_OF_TABLE = {
    "action_network_games": "action_network",
    "action_network_history": "action_network",
    "action_network_odds": "action_network",
    "mlb_stats_api_games": "mlb_stats_api",
    "odds_api_odds": "odds_api",
    "sbd_splits": "sbd",
    "vsin_splits": "vsin",
}


class RawRecord(msgspec.Struct, frozen=True, gc=False):
    """One row of a table in ``raw_data``.

    ``payload`` is JSON text. What follows ``origin`` is None where the table has no such column.
    """

    table: str
    external_game_id: str
    collected_at: dt.datetime
    payload: str
    origin: str
    sportsbook_key: str | None = None
    market_type: str | None = None
    source: str | None = None
    side: str | None = None
    line_key: str | None = None

    @property
    def feed(self) -> str:
        """What ``staging`` calls the source."""
        return self.source or _FEED_OF_TABLE.get(self.table, self.table)


@dataclass(frozen=True, slots=True)
class Malformed:
    """A record that cannot be a row of ``raw_data``; it goes to ``staging.rejected_records``.

    ``text`` is the record as it came. ``collected_at`` None is the moment of the load.
    """

    feed: str
    table: str
    origin: str
    reason: str
    text: str
    reason_code: str = "malformed_record"
    external_game_id: str = ""
    sportsbook_key: str | None = None
    collected_at: dt.datetime | None = None

    def __str__(self) -> str:
        return f"{printable(self.origin, LONGEST_VALUE)}: {printable(self.reason, LONGEST_VALUE)}"


@dataclass(frozen=True, slots=True)
class Empty:
    """A record that is sound and holds nothing to load: an event that no book quotes."""

    origin: str
    reason: str

    def __str__(self) -> str:
        return f"{printable(self.origin, LONGEST_VALUE)}: {printable(self.reason, LONGEST_VALUE)}"


Item: TypeAlias = RawRecord | Malformed | Empty


@dataclass(frozen=True, slots=True)
class Problem:
    """A malformed record as a report remembers it: without its text."""

    origin: str
    reason: str
    reason_code: str

    def __str__(self) -> str:
        return f"{printable(self.origin, LONGEST_VALUE)}: {printable(self.reason, LONGEST_VALUE)}"


@dataclass(slots=True)
class LoadReport:
    """What became of the records; ``read`` is the sum of the other five.

    ``already_there`` counts rows whose like was in the table, or came earlier in this load;
    ``merged`` rows completed one that was there.
    """

    read: int = 0
    loaded: int = 0
    merged: int = 0
    already_there: int = 0
    empty: int = 0
    malformed: list[Problem] = field(default_factory=list)

    def add(self, other: LoadReport) -> None:
        """Count what another report counted, too."""
        self.read += other.read
        self.loaded += other.loaded
        self.merged += other.merged
        self.already_there += other.already_there
        self.empty += other.empty
        self.malformed += other.malformed

    def __str__(self) -> str:
        words = (
            f"{self.read:,} records read: {self.loaded:,} loaded, "
            f"{self.already_there:,} already there, {len(self.malformed):,} malformed"
        )
        words += f", {self.merged:,} merged into rows that were there" if self.merged else ""
        return words + (f", {self.empty:,} with nothing to load" if self.empty else "")
