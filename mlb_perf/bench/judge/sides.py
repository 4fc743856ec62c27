"""How many times as fast each question is on one side as on another.

Sides that took turns are compared by pairs of executions, one after the other with the same values:
some questions take three times as long for some values, so that a median lies between the two. The
keys alone were asked after them, and are compared by multiples of the probe's median, since the
machine may have been busier by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median

from mlb_perf.bench.database import SEEDED_BASELINE
from mlb_perf.bench.document import KEYS, Case, Document, Run
from mlb_perf.bench.judge.verdict import beside

PHASE_1 = "0019"
"""The last revision of phase 1: indexes that each serve a question, on the baseline's tables."""

_ALL = "all phases"
_OF_INDEXES = "what indexes are worth at all"
_WORTH = {
    (SEEDED_BASELINE, PHASE_1): "what phase 1 is worth against an index on each filtered column",
    (SEEDED_BASELINE, _ALL): "what all phases are worth against such indexes",
    (PHASE_1, _ALL): "what partitions and packed rows add to phase 1",
}


@dataclass(frozen=True)
class Pace:
    """One question on two sides."""

    name: str
    times: float
    """As fast on the second side."""
    work: float
    """The same of the server's processor time; where it is not known, ``times``."""
    is_bound: bool
    """The time limit ended it on the first side: ``times`` is the least that it can be."""
    by_month: bool
    """On the second side it reads a table that is partitioned."""

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self, limit: float | None = None) -> str:
        """Its name and how many times as fast it is, on its own side of a limit."""
        return f"{self.name} {times_as(self.times, is_bound=self.is_bound, limit=limit)}"


@dataclass(frozen=True)
class Headline:
    """All questions of two sides, and what their ratio shows."""

    first: Run
    second: Run
    worth: str
    paces: list[Pace]

    @property
    def mean(self) -> float:
        """The geometric mean of the questions, times as fast."""
        return geometric_mean([pace.times for pace in self.paces])

    @property
    def mean_work(self) -> float:
        """The same of processor time, which waiting on a busy machine does not change."""
        return geometric_mean([pace.work for pace in self.paces])

    @property
    def is_bound(self) -> bool:
        """Whether the mean is the least that it can be."""
        return any(pace.is_bound for pace in self.paces)

    @property
    def extremes(self) -> tuple[Pace, Pace]:
        """The questions that gain the least and the most."""
        ordered = sorted(self.paces, key=lambda pace: pace.times)
        return ordered[0], ordered[-1]


def headlines(document: Document) -> list[Headline]:
    """The newest schema against each other side, and phase 1 against the baseline."""
    after, earlier = document.run("after"), document.earlier()
    if after is None:
        return []
    pairs = [(run, after) for run in earlier]
    phase_1 = [
        (first, second)
        for first in earlier for second in earlier
        if (_kind(first), _kind(second)) == (SEEDED_BASELINE, PHASE_1)
    ]  # fmt: skip
    ordered = sorted([*pairs, *phase_1], key=lambda pair: pair[0].label != KEYS)
    found = [Headline(*pair, _worth(*pair), paces(*pair)) for pair in ordered]
    return [one for one in found if one.paces]


def _kind(run: Run) -> str:
    return KEYS if run.label == KEYS else run.revision


def _worth(first: Run, second: Run) -> str:
    if first.label == KEYS:
        return _OF_INDEXES
    later = PHASE_1 if second.revision == PHASE_1 else _ALL
    return _WORTH.get((first.revision, later), "")


def called(run: Run) -> str:
    """The side in words."""
    words = {KEYS: "the keys alone", SEEDED_BASELINE: "the baseline", PHASE_1: "phase 1"}
    kind = _kind(run)
    name = words.get(kind, f"revision {run.revision}")
    return f"{name} ({run.revision})" if kind in (SEEDED_BASELINE, PHASE_1) else name


def paces(first: Run, second: Run) -> list[Pace]:
    """The questions that both sides answered within the time limit, and those that gained by it."""
    old = {case.name: case for case in first.latency}
    took_turns = KEYS not in (first.label, second.label)
    pairs = [(old[new.name], new) for new in second.latency if new.name in old]
    return [_pace(*pair, took_turns=took_turns) for pair in pairs]


def _pace(old: Case, new: Case, *, took_turns: bool) -> Pace:
    if took_turns:
        times, work = times_as_fast(old, new), _by_pairs(old.cpu_ms, new.cpu_ms)
    else:
        times = times_the_probe(old) / times_the_probe(new)
        work = _work(old) / _work(new) if _work(new) else 0.0
    by_month = bool(new.details.get("partitions"))
    return Pace(new.name, times, work or times, is_over(old), by_month)


def times_as_fast(old: Case, new: Case) -> float:
    """By the pairs of executions of two sides that took turns."""
    return _by_pairs(old.samples_ms, new.samples_ms)


def _by_pairs(first: Sequence[float], second: Sequence[float]) -> float:
    """The median of the ratios; that of the medians if one side was asked less; 0 of nothing."""
    if not first or not second or not all(second):
        return 0.0
    if len(first) != len(second):
        return median(first) / median(second)
    return round(median(one / other for one, other in zip(first, second, strict=True)), 6)


def times_the_probe(case: Case) -> float:
    """The question's median as a multiple of the probe's."""
    return median(case.samples_ms) / median(case.reference_ms)


def _work(case: Case) -> float:
    """The processor time as a multiple of the probe's; 0 where it is not known."""
    if not case.cpu_ms or not median(case.reference_cpu_ms):
        return 0.0
    return median(case.cpu_ms) / median(case.reference_cpu_ms)


def is_over(case: Case) -> bool:
    """Whether the time limit ended so many executions that the median is not known."""
    return case.limit_ms is not None and median(case.samples_ms) >= case.limit_ms


def times_as(value: float, *, is_bound: bool = False, limit: float | None = None) -> str:
    """A factor in words: ``1.28``, ``over 340``; on its own side of a limit."""
    if value >= 10:
        words = f"{value:,.0f}"
    else:
        words = f"{value:.2f}" if limit is None else beside(value, limit, ".2f")
    return f"over {words}" if is_bound else words


def listed(names: Sequence[object]) -> str:
    """The items, separated by commas; ``none`` of none."""
    return ", ".join(map(str, names)) or "none"
