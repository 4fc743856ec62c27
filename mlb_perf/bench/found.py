"""The tables, lines and figures that a measurement found, as screen, page and docs show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TextTable:
    """Columns and rows of text; the first ``words`` columns are words, the others figures."""

    columns: list[str]
    rows: list[list[str]]
    words: int = 1

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]], words: int = 1) -> TextTable:
        """A table of rows that name their columns, all the same ones."""
        found = list(rows)
        return cls(list(found[0]) if found else [], [list(row.values()) for row in found], words)


@dataclass(frozen=True)
class Goal:
    """At least, or at most, what a figure of a measurement is to be."""

    figure: str
    least: float | None = None
    most: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a plot, by its name; each point is a pair of numbers."""

    name: str
    points: list[list[float]]


@dataclass(frozen=True)
class Curves:
    """A plot of milliseconds over something that grows, on a logarithmic axis."""

    title: str
    across: str
    lines: list[Line]
    target: float | None = None


@dataclass(frozen=True)
class Found:
    """What a measurement beside the upgrade returns: tables, lines of text, and figures."""

    tables: list[TextTable] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Other output, to be shown verbatim."""
    figures: dict[str, float] = field(default_factory=dict)
    """By name, for targets and comparisons."""
    goals: list[Goal] = field(default_factory=list)
    curves: list[Curves] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Measurement(Found):
    """What was found, when, and by which command."""

    name: str
    """As on the command line, and of the block in the documentation."""
    title: str
    command: str
    measured_on: str
    """Date, PostgreSQL version, revision, processors, load average at the start and command."""
