"""A probe: the view that it asks, what its rows mean, and the figures that it exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mlb_perf.formatting import number
from mlb_perf.monitor.findings import Finding
from mlb_perf.monitor.thresholds import Thresholds

Rows = Sequence[Any]
Judge = Callable[[Rows, Thresholds], Iterable[Finding]]
Calm = Callable[[Rows, Thresholds], Finding]


@dataclass(frozen=True)
class Sample:
    """One line of an exposition: labels, and the number."""

    labels: tuple[tuple[str, str], ...]
    value: float


@dataclass(frozen=True)
class Metric:
    """A family of figures for Prometheus, from a column of the view.

    Rows that have the same ``labels`` become one sample by ``combine``; a family
    without labels has one sample, 0 where there are no rows and ``empty`` is true.
    ``factor`` turns the column's unit into the base unit that the name says, and
    ``only`` says which rows are meant, where not all of them are.
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
        """Its samples; a row whose figure is NULL gives none."""
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
    """One question to the database.

    ``source`` is what stands after ``FROM``: a view of ``performance_monitoring``,
    or a call of one of its functions, with thresholds as ``:name`` parameters.
    ``judge`` gives what is wrong; where it gives nothing, ``calm`` says what was seen.
    """

    name: str
    source: str
    judge: Judge
    calm: Calm
    metrics: tuple[Metric, ...] = ()

    def findings(self, rows: Rows, limits: Thresholds) -> list[Finding]:
        """What is wrong, the worst first; or the one finding that all is well."""
        found = sorted(self.judge(rows, limits), key=lambda finding: -finding.severity)
        return found or [self.calm(rows, limits)]


def count_of(values: Iterable[float]) -> float:
    """For :attr:`Metric.combine`: how many rows there are."""
    return float(sum(1 for _ in values))


def known(rows: Rows, column: str) -> Iterator[tuple[Any, float]]:
    """The rows whose figure is not NULL, each with its figure."""
    for row in rows:
        if (value := number(getattr(row, column))) is not None:
            yield row, value
