"""Where a record came from, and what was said of it besides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.records import Malformed, RawRecord

ORIGIN_LENGTH = 255


@dataclass(slots=True)
class Context:
    """The record that is being read.

    ``line`` is its line, or None where one document holds them all and they are counted.
    ``collected_at`` is what the caller or the file says of the moment. ``hints`` are shared by
    the documents of a file: ``odds_format`` is what the caller says, ``shown`` what was seen last.
    """

    name: str
    collected_at: dt.datetime | None = None
    line: int | None = None
    said: Any = None
    hints: dict[str, str] = field(default_factory=dict)
    count: int = field(default=0, init=False)

    def origin(self) -> str:
        """File and line, or file and number of the record, which is counted on."""
        self.count += 1
        return place(self.name, self.count if self.line is None else self.line)

    def moment(self) -> dt.datetime:
        """The collection moment: the response's own where it is saved with one, else the file's."""
        if self.said is not None:
            return checks.moment(self.said, "the moment saved with the response")
        if self.collected_at is None:
            raise Refusal("no time is given: give --collected-at (collected_at)")
        return self.collected_at


def place(name: str, number: int) -> str:
    """An origin that fits its column; the end of a long name is kept, which holds its date."""
    return f"{name[-(ORIGIN_LENGTH - 12) :]}:{number}"


def malformed(table: str, origin: str, reason: object, text: str, game: Any = None) -> Malformed:
    """A malformed record, with the game's id if that at least can be read."""
    try:
        game_id = checks.key(game, "id")
    except Refusal:
        game_id = ""
    feed = RawRecord(table, "", checks.EARLIEST, "", "").feed
    return Malformed(feed, table, origin, str(reason), text, external_game_id=game_id)
