"""Retrosheet's game logs: CSV without a header, 161 fields a game.

Retrosheet gives a game no id; it is made of the date, the home team's code and the number of
the game on that day. The moment is noon UTC of the day after, as for other results.
"""

from __future__ import annotations

import re

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.sources.rows import payload
from mlb_perf.pipeline.read.sources.source import CsvSource, Head
from mlb_perf.pipeline.records import RawRecord

TABLE = "game_results"
NAME = "retrosheet"
FIELDS = 161

_DATE = re.compile(r"[12][0-9]{7}")
_CODE = re.compile(r"[A-Z0-9]{3}")
_NUMBER = re.compile(r"[0-3AB]")


def _record(_: dict[str, str], row: Row, origin: str) -> RawRecord:
    if len(row.fields) != FIELDS:
        raise Refusal(f"{len(row.fields)} fields; a game log has {FIELDS}")
    date, number, home = row.fields[0], row.fields[1], row.fields[6]
    for found, pattern, name in (
        (date, _DATE, "date"), (number, _NUMBER, "number of the game"), (home, _CODE, "home team"),
    ):  # fmt: skip
        if not pattern.fullmatch(found):
            raise Refusal(f"{name} is {found[:20]!r}")
    return RawRecord(
        TABLE,
        f"{date}{home}{number}",
        checks.noon_after(date, "date", checks.FIRST_SEASON),
        payload({"fields": row.fields}),
        origin,
        source=NAME,
    )


def _recognises(head: Head) -> bool:
    return len(head.first_row) == FIELDS and bool(_DATE.fullmatch(head.first_row[0]))


def is_other_file(head: Head) -> bool:
    """Whether it is one of Retrosheet's files by game, which have a header: gameinfo.csv."""
    return head.has_columns("gid", "visteam", "hometeam")


SOURCE = CsvSource(
    name=NAME,
    table=TABLE,
    about="Retrosheet: game logs",
    recognises=_recognises,
    record=_record,
    has_header=False,
)
