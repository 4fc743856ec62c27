"""What the loader has to know of a source."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mlb_perf.pipeline.read.context import Context
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.json import Cursor
from mlb_perf.pipeline.records import Item, RawRecord

_NAME = re.compile(r'"([A-Za-z_]+)"\s*:')


class Head:
    """The beginning of a file, as recognition looks at it."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        self.is_json = text.lstrip()[:1] in ("{", "[")
        self.names = frozenset(_NAME.findall(text)) if self.is_json else frozenset()
        line = next((line for line in text.splitlines() if line.strip()), "")
        self.first_row = [] if self.is_json else next(csv.reader([line]), [])

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
    cannot be read. ``needs_moment``: whether the format carries none of its own.
    """

    items: Callable[[Cursor, Context], Iterator[Item]]
    needs_moment: bool = True


@dataclass(frozen=True, slots=True)
class CsvSource(Source):
    """Rows of a CSV. ``record`` makes one; it raises Refusal where it cannot.

    ``needed`` are columns without which no row can be loaded; ``has_header`` is whether the
    first row names the columns.
    """

    record: Callable[[dict[str, str], Row, str], RawRecord]
    needed: tuple[str, ...] = ()
    has_header: bool = True
