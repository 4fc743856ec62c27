"""How a file of rows is written: its separator, encoding, dates and times."""

from __future__ import annotations

import codecs
import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_EXCEL = "excel"
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a time without a zone, as the file has
_DAY_DIRECTIVE = re.compile(r"%-?[djxc]")
_YEAR_DIRECTIVE = re.compile(r"%[yYxcG]")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the caller says of a file's form; the defaults are CSV in UTF-8 with ISO 8601 times.

    ``timezone`` is that of times without an offset. ``date_formats`` are those of
    :meth:`datetime.datetime.strptime`, or ``excel`` for the numbers that Excel keeps.
    """

    delimiter: str = ","
    encoding: str = ""
    timezone: str = "UTC"
    date_formats: tuple[str, ...] = ()
    decimal_comma: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "delimiter", _DELIMITERS.get(self.delimiter, self.delimiter))
        if len(self.delimiter) != 1:
            raise LoadFailed(f"--delimiter {self.delimiter!r}: give one character, or tab")
        try:
            codecs.lookup(self.encoding or "utf-8")
        except LookupError:
            raise LoadFailed(
                f"--encoding {self.encoding}: unknown; cp1252 and utf-16 are the usual ones"
            ) from None
        try:
            zoneinfo.ZoneInfo(self.timezone)
        except (LookupError, ValueError, OSError):
            raise LoadFailed(
                f"--timezone {self.timezone}: unknown; write it as America/New_York"
            ) from None

    def date(self, text: str, name: str, season: str = "") -> dt.date:
        """A date; one without a year is of the season."""
        found = self._read(text, name, season)
        return checks.in_range(found.replace(tzinfo=dt.UTC), name, checks.FIRST_SEASON).date()

    def moment(self, text: str, name: str, day: dt.date | None = None) -> dt.datetime:
        """A moment in UTC; a time of day alone is of ``day``."""
        found = self._read(text, name, day=day)
        if found.tzinfo is None:
            found = found.replace(tzinfo=zoneinfo.ZoneInfo(self.timezone))
        return checks.in_range(found.astimezone(dt.UTC), name)

    def _read(
        self, text: str, name: str, season: str = "", day: dt.date | None = None
    ) -> dt.datetime:
        text = text.strip()
        for date_format in self.date_formats:
            try:
                return _parsed(text, date_format, season, day)
            except ValueError:
                continue
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            hint = "say --date-format, as in '%m/%d/%Y' or '%Y-%m-%d %I:%M %p'"
            if self.date_formats:
                hint = f"none of --date-format {', '.join(self.date_formats)} fits"
            raise Refusal(f"{name} {text[:40]!r} is not a time in ISO 8601; {hint}") from None


def _parsed(text: str, date_format: str, season: str, day: dt.date | None) -> dt.datetime:
    if date_format == _EXCEL:
        return _EXCEL_EPOCH + dt.timedelta(days=float(text))
    if not _YEAR_DIRECTIVE.search(date_format) and season:
        text, date_format = f"{season} {text}", f"%Y {date_format}"
    if "%m%d" in date_format and len(text.split()[-1]) % 2:
        # 401 is April 1st: the number has lost its zero.
        head, _, last = text.rpartition(" ")
        text = f"{head} 0{last}".strip()
    found = dt.datetime.strptime(text, date_format)  # noqa: DTZ007 - the caller adds the zone
    if day is not None and not _DAY_DIRECTIVE.search(date_format):
        found = dt.datetime.combine(day, found.timetz())
    return found


CSV = Layout()
