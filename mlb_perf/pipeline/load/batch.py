"""Items in batches, each made ready to be sent while the one before is being written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.load.encoding import Encoded
from mlb_perf.pipeline.records import Item, Malformed, RawRecord

BATCH_CHARACTERS = 16 * 1024 * 1024


class Batch(NamedTuple):
    """Items by what is done with them; ``tables`` are names, records, and those encoded."""

    read: int
    empty: int
    malformed: list[Malformed]
    tables: list[tuple[str, list[RawRecord], Encoded | None]]


def prepared(items: Sequence[Item]) -> Batch:
    """The items apart, with the rows of each table as they are sent."""
    by_table: dict[str, list[RawRecord]] = {}
    malformed: list[Malformed] = []
    empty = 0
    for item in items:
        if isinstance(item, RawRecord):
            by_table.setdefault(item.table, []).append(item)
        elif isinstance(item, Malformed):
            malformed.append(item)
        else:
            empty += 1
    return Batch(
        len(items),
        empty,
        malformed,
        [(name, by_table[name], copy.encoded(name, by_table[name])) for name in sorted(by_table)],
    )


def batches(items: Iterable[Item], rows: int) -> Iterator[list[Item]]:
    """The items by ``rows``, or fewer where their texts are long."""
    batch: list[Item] = []
    characters = 0
    for item in items:
        batch.append(item)
        if isinstance(item, RawRecord):
            characters += len(item.payload)
        elif isinstance(item, Malformed):
            characters += len(item.text)
        if len(batch) >= rows or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
