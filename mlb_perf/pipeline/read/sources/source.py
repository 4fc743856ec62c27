"""What the loader has to know of a source."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from mlb_perf.pipeline.read.context import Context
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.json import Cursor
from mlb_perf.pipeline.read.layout import CSV, Layout
from mlb_perf.pipeline.records import Item, RawRecord

_BRACKETS = {ord(character): None for character in "[],"}

_NAME = re.compile(r'"([A-Za-z_]+)"\s*:')


def _fields(line: str, delimiter: str) -> list[str]:
    """The fields of a line; none if it is not CSV, or one of them is longer than a name."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


class Head:
    """The beginning of a file, as recognition looks at it."""

    def __init__(self, data: bytes, delimiter: str = ",") -> None:
        text = data.decode("utf-8", "replace")
        self.is_json = text.lstrip()[:1] in ("{", "[")
        self.names = frozenset(_NAME.findall(text)) if self.is_json else frozenset()
        # Nothing but arrays without an element: no events today, from whichever feed.
        self.is_empty_answer = self.is_json and not text.translate(_BRACKETS).strip()
        line = next((line for line in text.splitlines() if line.strip()), "")
        self.first_row = [] if self.is_json else _fields(line, delimiter)

    def has_names(self, *names: str) -> bool:
        """Whether all of these are names of JSON members in it."""
        return self.names.issuperset(names)

    def has_columns(self, *names: str) -> bool:
        """Whether all of these are columns of a CSV's header."""
        return set(self.first_row).issuperset(names)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed's format: its name, the table it goes to, and the signs it is recognised by."""

    name: str
    table: str
    about: str
    recognises: Callable[[Head], bool]


@dataclass(frozen=True, slots=True)
class JsonSource(Source):
    """Responses in JSON. ``items`` reads one, from where the cursor is to its end.

    ``items`` raises :class:`~mlb_perf.pipeline.read.checks.Refusal` where the response as a whole
    cannot be read. ``needs_moment``: whether the format carries none of its own. ``sound`` reads
    the same records quicker, out of a text that is as usual; it raises Refusal for any other.
    """

    items: Callable[[Cursor, Context], Iterator[Item]]
    needs_moment: bool = True
    sound: Callable[[str, Context], Iterator[Item]] | None = None


Values: TypeAlias = dict[str, str]
Record: TypeAlias = Callable[[Values, Row, str], RawRecord]


@dataclass(frozen=True, slots=True)
class CsvSource(Source):
    """Rows of a CSV. ``record`` makes one; it raises Refusal where it cannot.

    ``needed`` are columns without which no row can be loaded; ``has_header`` is whether the
    first row names the columns. ``prepare`` makes ``record`` once the first rows are known, where
    it depends on them. ``join`` makes one row of two that follow each other; it raises Refusal
    where they are not one game's.
    """

    record: Record
    needed: tuple[str, ...] = ()
    has_header: bool = True
    layout: Layout = CSV
    prepare: Callable[[list[Values]], Record] | None = None
    join: Callable[[Values, Values], Values] | None = None
