"""How much a file may ask of the machine before it is refused, each limit with its name."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mlb_perf.errors import LoadFailed
from mlb_perf.formatting import GB, KB, MB

_UNITS = {"": 1, "kB": KB, "MB": MB, "GB": GB}
_VALUE = re.compile(r"(\d{1,15})(kB|MB|GB)?")


@dataclass(frozen=True, slots=True)
class Limits:
    """``line``: bytes of a line, or of a document that is not one of several lines.

    ``unpacked``: bytes of a gzip file's content. ``ratio``: those bytes by the packed ones, once
    there are more than 2 MB. ``columns``: of a row of a CSV. ``growth``: characters of
    the records of a document by those of the document, as each bookmaker's record repeats its
    event. ``wait``: seconds for which a pipe may bring nothing.
    """

    line: int = 64 * MB
    unpacked: int = 16 * GB
    ratio: int = 200
    columns: int = 2_000
    growth: int = 64
    wait: int = 60

    @classmethod
    def from_words(cls, words: Iterable[str]) -> Limits:
        """The defaults with ``name=value`` in place; 256MB is 268,435,456.

        Raises :class:`~mlb_perf.errors.LoadFailed`.
        """
        names = [field.name for field in dataclasses.fields(cls)]
        given: dict[str, int] = {}
        for word in words:
            name, _, value = word.partition("=")
            found = _VALUE.fullmatch(value)
            if name not in names or found is None or not int(found[1]):
                raise LoadFailed(
                    f"--limit {word}: write NAME=NUMBER, as line=256MB; the names are "
                    f"{', '.join(names)}"
                )
            given[name] = int(found[1]) * _UNITS[found[2] or ""]
        return cls(**given)


USUAL = Limits()
