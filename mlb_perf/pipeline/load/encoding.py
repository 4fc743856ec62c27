"""Records of one table as COPY's text format, sorted by key, each key's repeats left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

from mlb_perf.pipeline.records import RawRecord

KeyTexts: TypeAlias = Callable[[RawRecord], tuple[str, ...]]


class Encoded(NamedTuple):
    """The lines as they are sent, and which record each is.

    ``repeats``: records that are no line, by the record that said the same before.
    ``is_distinct``: whether no two lines have the same key.
    """

    data: bytes
    order: list[int]
    repeats: dict[int, list[int]]
    is_distinct: bool

    def records_of(self, line: int) -> list[int]:
        """All records that said what the line says, the first one first."""
        first = self.order[line]
        return [first, *self.repeats.get(first, ())]


def encode(records: Sequence[RawRecord], key_texts: KeyTexts) -> Encoded:
    """The records' lines by key, the earlier of a key first; a record that came before is no line.

    Raises :class:`UnicodeEncodeError` if one of them is no text.
    """
    rows = [(*key_texts(record), record.payload, record.origin) for record in records]
    # Most batches have nothing to escape, which is seen at once.
    if _needs_escapes(rows):
        rows = [tuple(map(_escaped, row)) for row in rows]
    keys = ["\t".join(row[:-2]) for row in rows]
    order = sorted(range(len(rows)), key=keys.__getitem__)
    distinct = len(set(keys))
    repeats: dict[int, list[int]] = {}
    if distinct < len(rows):
        order, repeats = _without_repeats(order, keys, rows)
    text = "".join(["\t".join(rows[n]) + "\n" for n in order])
    return Encoded(text.encode(), order, repeats, distinct == len(order))


def _without_repeats(
    order: list[int], keys: list[str], rows: Sequence[tuple[str, ...]]
) -> tuple[list[int], dict[int, list[int]]]:
    first: dict[tuple[str, str], int] = {}
    repeats: dict[int, list[int]] = {}
    for n in order:
        known = first.setdefault((keys[n], rows[n][-2]), n)
        if known != n:
            repeats.setdefault(known, []).append(n)
    return list(first.values()), repeats


def _needs_escapes(rows: Sequence[tuple[str, ...]]) -> bool:
    try:
        text = "".join(chain.from_iterable(rows))
    except TypeError:  # None, in a record that no source of ours made
        return True
    return any(character in text for character in "\\\t\n\r")


def _escaped(value: str | None) -> str:
    if value is None:
        return "\\N"
    text = value.replace("\\", "\\\\")
    return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
