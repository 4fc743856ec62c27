"""Records of one table as COPY's text format, sorted by key, each key's repeats left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

from mlb_perf.pipeline.records import RawRecord

KeyTexts: TypeAlias = Callable[[RawRecord], tuple[str, ...]]


class Encoded(NamedTuple):
    """The lines as they are sent, which record each is, and whether no key comes twice."""

    data: bytes
    order: list[int]
    is_distinct: bool


def encode(records: Sequence[RawRecord], key_texts: KeyTexts) -> Encoded:
    """The records' lines by key, the earlier of a key first; a record that came before is no line.

    Raises :class:`UnicodeEncodeError` if one of them is no text.
    """
    rows = [(*key_texts(record), record.payload, record.origin) for record in records]
    # Most batches have nothing to escape, which is seen at once.
    if _needs_escapes(rows):
        rows = [tuple(map(_escaped, row)) for row in rows]
    lines = sorted(
        ("\t".join(key), n, payload, origin) for n, (*key, payload, origin) in enumerate(rows)
    )
    keys = len({line[0] for line in lines})
    if keys < len(lines):
        lines = _without_repeats(lines)
    text = "".join([f"{key}\t{payload}\t{origin}\n" for key, _, payload, origin in lines])
    return Encoded(text.encode(), [line[1] for line in lines], keys == len(lines))


_Line: TypeAlias = tuple[str, int, str, str]


def _without_repeats(lines: list[_Line]) -> list[_Line]:
    first: dict[tuple[str, str], _Line] = {}
    for line in lines:
        first.setdefault((line[0], line[2]), line)
    return list(first.values())


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
