"""A probe: the view that it reads, the meaning of the rows, and the figures that it exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mlb_perf import sql
from mlb_perf.formatting import number
from mlb_perf.monitor.findings import Finding
from mlb_perf.monitor.thresholds import Thresholds

_SCHEMA = "performance_monitoring."

Rows = Sequence[Any]
Judge = Callable[[Rows, Thresholds], Iterable[Finding]]
Calm = Callable[[Rows, Thresholds], Finding]


@dataclass(frozen=True)
class Sample:
    """One line for Prometheus: labels and number."""

    labels: tuple[tuple[str, str], ...]
    value: float


@dataclass(frozen=True)
class Metric:
    """A family of figures for Prometheus, from a column of the view.

    ``combine`` makes one sample of the rows with equal ``labels``. Without rows,
    ``empty`` gives a sample of 0. ``factor`` converts the column's unit to the base
    unit in the name, and ``only`` selects rows.
    """

    name: str
    help: str
    column: str
    labels: tuple[str, ...] = ()
    combine: Callable[[Iterable[float]], float] = max
    kind: Literal["gauge", "counter"] = "gauge"
    factor: float = 1
    empty: bool = False
    only: Callable[[Any], bool] = lambda _row: True

    def samples(self, rows: Rows) -> list[Sample]:
        """Its samples; rows whose figure is NULL are left out."""
        groups: dict[tuple[tuple[str, str], ...], list[float]] = defaultdict(list)
        for row in filter(self.only, rows):
            if (value := number(getattr(row, self.column))) is not None:
                groups[self._labels(row)].append(value * self.factor)
        if self.empty and not groups:
            return [Sample((), 0)]
        return [Sample(labels, self.combine(values)) for labels, values in groups.items()]

    def _labels(self, row: Any) -> tuple[tuple[str, str], ...]:
        return tuple((name, str(getattr(row, name))) for name in self.labels)


@dataclass(frozen=True)
class Probe:
    """One query about the state of the database.

    ``source`` stands after ``FROM``: a view of ``performance_monitoring``, or a call
    of one of its functions, with thresholds as ``:name`` parameters. ``older`` takes its
    place on servers before the major version that it names. ``is_late``: a revision
    after the rebuilds creates the view; until then the probe says so. ``judge`` yields the
    problems; if there are none, ``calm`` gives the finding that all is well.
    """

    name: str
    source: str
    judge: Judge
    calm: Calm
    metrics: tuple[Metric, ...] = ()
    older: tuple[int, str] | None = None
    is_late: bool = False

    @property
    def needs(self) -> str | None:
        """The view or function that it uses, by its bare name; None for a query of its own."""
        if not self.source.startswith(_SCHEMA):
            return None
        return self.source.removeprefix(_SCHEMA).partition("(")[0]

    def source_on(self, major: int) -> str:
        """The source for a server of this major version."""
        return self.older[1] if self.older and major < self.older[0] else self.source

    def findings(self, rows: Rows, limits: Thresholds) -> list[Finding]:
        """The problems, the worst first; or the one finding that all is well."""
        found = sorted(self.judge(rows, limits), key=lambda finding: -finding.severity)
        return found or [self.calm(rows, limits)]


def from_file(name: str) -> str:
    """The query below ``sql/monitor``, as a source."""
    return f"({sql.read(f'monitor/{name}.sql')}) AS answer"


def count_of(values: Iterable[float]) -> float:
    """For :attr:`Metric.combine`: the number of rows."""
    return float(sum(1 for _ in values))


def known(rows: Rows, column: str) -> Iterator[tuple[Any, float]]:
    """The rows whose figure is not NULL, each with the figure."""
    for row in rows:
        if (value := number(getattr(row, column))) is not None:
            yield row, value
