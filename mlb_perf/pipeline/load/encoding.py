"""Records of one table as COPY's text format, sorted by key, each key's repeats left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from mlb_perf.pipeline.records import RawRecord

KeyTexts: TypeAlias = Callable[[RawRecord], tuple[str, ...]]
_KeysAndLines: TypeAlias = tuple[list[str], list[str]]


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
    # Texts, not a tuple a row: the garbage collector counts those, and looks through all objects
    # of the process the sooner.
    keys, lines = _plain(records, key_texts) or _escaped(records, key_texts)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    distinct = len(set(keys))
    repeats: dict[int, list[int]] = {}
    if distinct < len(keys):
        order, repeats = _without_repeats(order, keys, records)
    text = "".join([lines[n] for n in order])
    return Encoded(text.encode(), order, repeats, distinct == len(order))


def _plain(records: Sequence[RawRecord], key_texts: KeyTexts) -> _KeysAndLines | None:
    """Where nothing is to be escaped, as in most batches; None where something is."""
    try:
        keys = ["\t".join(key_texts(record)) for record in records]
        lines = ["\t".join((k, r.payload, r.origin)) for k, r in zip(keys, records, strict=True)]
    except TypeError:  # None, in a record that no source of ours made
        return None
    lines = [f"{line}\n" for line in lines]
    text = "".join(lines)
    tabs = len(records) * sum(len(key_texts(record)) + 1 for record in records[:1])
    if "\\" in text or "\r" in text or text.count("\n") != len(lines) or text.count("\t") != tabs:
        return None
    return keys, lines


def _escaped(records: Sequence[RawRecord], key_texts: KeyTexts) -> _KeysAndLines:
    rows = [
        tuple(map(_escape, (*key_texts(record), record.payload, record.origin)))
        for record in records
    ]
    return ["\t".join(row[:-2]) for row in rows], ["\t".join(row) + "\n" for row in rows]


def _without_repeats(
    order: list[int], keys: list[str], records: Sequence[RawRecord]
) -> tuple[list[int], dict[int, list[int]]]:
    first: dict[tuple[str, str], int] = {}
    repeats: dict[int, list[int]] = {}
    for n in order:
        known = first.setdefault((keys[n], records[n].payload), n)
        if known != n:
            repeats.setdefault(known, []).append(n)
    return list(first.values()), repeats


def _escape(value: str | None) -> str:
    if value is None:
        return "\\N"
    text = value.replace("\\", "\\\\")
    return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
