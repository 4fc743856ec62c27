"""Rows of betting splits as VSiN and SportsBettingDime publish them, as CSV.

``game_id, split_type, last_updated, source, book, ...``: one market of one game at one book. A
row without a book is of all books of its source, ``<source>_consensus``.
"""

from __future__ import annotations

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.sources.rows import payload
from mlb_perf.pipeline.read.sources.source import CsvSource, Head
from mlb_perf.pipeline.records import RawRecord

TABLE = "vsin_splits"
MARKETS = ("moneyline", "spread", "total")


def _record(values: dict[str, str], _: Row, origin: str) -> RawRecord:
    market = values["split_type"].strip().lower()
    return RawRecord(
        TABLE,
        checks.key(values["game_id"], "game_id"),
        checks.moment(values["last_updated"], "last_updated"),
        payload(values),
        origin,
        _book(values),
        market if market in MARKETS else "unknown",
    )


def _book(values: dict[str, str]) -> str:
    if book := values["book"].strip().lower():
        return checks.key(book, "book")
    if source := values["source"].strip().lower():
        return checks.key(f"{source}_consensus", "source")
    raise Refusal("neither book nor source is given")


_NEEDED = ("game_id", "split_type", "last_updated", "source", "book")


def _recognises(head: Head) -> bool:
    return head.has_columns(*_NEEDED)


SOURCE = CsvSource(
    name="vsin",
    table=TABLE,
    about="VSiN and SportsBettingDime: rows of splits, as CSV",
    recognises=_recognises,
    record=_record,
    needed=_NEEDED,
)
