"""A CSV file of a test, and what is read of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mlb_perf.pipeline.read.reader import read_file
from mlb_perf.pipeline.read.sources import LineHistory
from mlb_perf.pipeline.records import Item, Malformed, RawRecord


def read(file: Path, *lines: str, options: LineHistory | None = None) -> list[Item]:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return list(read_file(file, line_history=options))


def rows(items: list[Item]) -> list[RawRecord]:
    assert all(isinstance(item, RawRecord) for item in items), items
    return [item for item in items if isinstance(item, RawRecord)]


def refusals(items: list[Item]) -> list[str]:
    return [str(item) for item in items if isinstance(item, Malformed)]


def moment(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


WIDE = LineHistory.from_words(
    ["game_date=Date,home_team=H,away_team=A,moneyline_home=ML 1", "sportsbook:=pinnacle"],
    prices="decimal",
)
