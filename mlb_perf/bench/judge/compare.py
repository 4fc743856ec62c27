"""What changed from one result document to another, beyond noise.

Times are compared as multiples of their reference, which was measured in the same moments:
a machine that was busier in one of the runs slows both down. Where the server's processor
time is known it has to have changed as well, since a long statement waits for a processor
more often than a probe does. A change counts if the interval of its ratio lies wholly
beyond the tolerance; the intervals are so wide that all of them together hold with the
confidence that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mlb_perf.bench.document import PRIMARY_KEY, Case, Document, Load, Run, Stall
from mlb_perf.bench.judge.quantiles import Ratio, ratio
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.formatting import KB

CONFIDENCE = 0.99
TOLERANCE = 1.25
"""Two runs on one revision differ by up to this, whatever their intervals say: other plans of
the same cost, another layout of memory and of pages."""
THROUGHPUT_TOLERANCE = 1.4
"""Clients, pooler and server share the processors, and the share differs from run to run."""
BYTES_TOLERANCE = 1.02
FEW_BYTES = 128 * KB
"""Of the same rows, two runs differ by some pages: the processes that write them take turns."""

Verdict = Literal["slower", "faster", "larger", "smaller", "failing", "gone", "new"]
REGRESSIONS: frozenset[Verdict] = frozenset({"slower", "larger", "failing", "gone"})


@dataclass(frozen=True)
class Change:
    """One thing that changed: which, how, by what ratio, and what explains it."""

    part: str
    name: str
    verdict: Verdict
    ratio: Ratio | None
    note: str = ""

    @property
    def is_regression(self) -> bool:
        """Whether it got worse."""
        return self.verdict in REGRESSIONS

    def __str__(self) -> str:
        by = ""
        if self.ratio is not None:
            by = f" by a factor of {self.ratio.value:.2f}"
            if self.ratio.low != self.ratio.high:
                by += f" ({self.ratio.low:.2f} to {self.ratio.high:.2f})"
        note = f"; {self.note}" if self.note else ""
        return f"{self.part} {self.name}: {self.verdict}{by}{note}"


def compare(first: Document, second: Document, *, tolerance: float = TOLERANCE) -> list[Change]:
    """The changes, the regressions first, of all runs that both documents have.

    Runs are the same if scale and side are; their revisions may differ. Raises
    :class:`~mlb_perf.errors.BenchmarkFailed` if there is nothing to compare.
    """
    pairs = [(a, b) for a in first.runs for b in second.runs if _key(a) == _key(b)]
    if not pairs and not (first.stalls and second.stalls):
        raise BenchmarkFailed(
            f"nothing to compare: the first has {_named(first)}, the second {_named(second)}; "
            "measure both with the same --scale"
        )
    cases = sum(len(a.latency) + len(a.ingest) + len(a.concurrency) for a, _ in pairs)
    confidence = 1 - (1 - CONFIDENCE) / max(cases, 1)
    found = [c for a, b in pairs for c in _of_run(a, b, tolerance, confidence)]
    found += [c for a, b in zip(first.stalls, second.stalls, strict=False) for c in _of_stall(a, b)]
    return sorted(found, key=lambda c: (not c.is_regression, -(c.ratio.value if c.ratio else 0)))


def _named(document: Document) -> str:
    return ", ".join(f"scale {r.scale:g} {r.label}" for r in document.runs) or "no runs"


def _of_stall(a: Stall, b: Stall) -> Iterator[Change]:
    """Failures and lost rows alone: how long single statements take is chance."""
    for name, old, new in (
        ("statements", a.errors, b.errors),
        ("rows", a.differences, b.differences),
    ):
        if len(new) > len(old):
            note = f"{len(new)} wrong, {len(old)} before; the first: {new[0]}"
            yield Change("stall", name, "failing", None, note)


def _key(run: Run) -> tuple[float, str]:
    return run.scale, run.label


def _of_run(a: Run, b: Run, tolerance: float, confidence: float) -> Iterator[Change]:
    place = f"scale {b.scale:g}, {b.label}"
    for part, ones, others in (
        ("latency", a.latency, b.latency),
        ("ingest", a.ingest, b.ingest),
    ):
        yield from _of_cases(f"{part} ({place})", ones, others, tolerance, confidence)
    yield from _of_loads(f"concurrency ({place})", a, b, confidence)
    sizes = {size.table: size for size in a.storage}
    for size in b.storage:
        old = sizes.get(size.table)
        if old is None or old.rows != size.rows or abs(size.total - old.total) <= FEW_BYTES:
            continue
        times = size.total / max(old.total, 1)
        if times > BYTES_TOLERANCE or times < 1 / BYTES_TOLERANCE:
            verdict: Verdict = "larger" if times > 1 else "smaller"
            yield Change(f"storage ({place})", size.table, verdict, Ratio(times, times, times))


def _of_cases(
    part: str, ones: list[Case], others: list[Case], tolerance: float, confidence: float
) -> Iterator[Change]:
    before = {case.name: case for case in ones}
    after = {case.name: case for case in others}
    for name in before.keys() - after.keys() if after else ():
        yield Change(part, name, "gone", None, "the second run did not measure it")
    for name in after.keys() - before.keys() if before else ():
        yield Change(part, name, "new", None)
    for name in [case.name for case in others if case.name in before]:
        a, b = before[name], after[name]
        times = ratio(a.ratios(), b.ratios(), confidence)
        work = _work(a, b, confidence)
        if min(times.low, work.low) > tolerance:
            yield Change(part, name, "slower", times, _explained(a, b))
        elif max(times.high, work.high) < 1 / tolerance:
            yield Change(part, name, "faster", times, _explained(a, b))


def _work(a: Case, b: Case, confidence: float) -> Ratio:
    """The ratio of the server's processor time; where it is not known, that of the times."""
    ones, others = a.cpu_ratios(), b.cpu_ratios()
    if not ones or not others:
        ones, others = a.ratios(), b.ratios()
    return ratio(ones, others, confidence)


def _explained(a: Case, b: Case) -> str:
    """What the plans say of it."""
    if a.plan_fingerprint == b.plan_fingerprint:
        return "the plan is the same" if a.plan_fingerprint else ""
    lost = sorted(set(a.indexes_used) - set(b.indexes_used))
    won = sorted(set(b.indexes_used) - set(a.indexes_used))
    words = [f"no longer uses {', '.join(lost)}"] if lost else []
    words += [f"uses {', '.join(won)}"] if won else []
    return "; ".join(["the plan is another", *words])


def _of_loads(part: str, a: Run, b: Run, confidence: float) -> Iterator[Change]:
    before = {_load_key(load): load for load in a.concurrency}
    for load in b.concurrency:
        old = before.get(_load_key(load))
        if old is None:
            continue
        name = f"{load.workload}, {load.clients} clients, {load.way}"
        if load.errors > old.errors:
            yield Change(part, name, "failing", None, f"{load.errors} errors, {old.errors} before")
        if load.rate is None and load.workload != PRIMARY_KEY and old.windows and load.windows:
            # Fewer a second is slower.
            times = ratio(_shares(load, b), _shares(old, a), confidence)
            if times.low > THROUGHPUT_TOLERANCE:
                yield Change(part, name, "slower", times)
            elif times.high < 1 / THROUGHPUT_TOLERANCE:
                yield Change(part, name, "faster", times)


def _shares(load: Load, run: Run) -> list[float]:
    """Transactions a second as shares of what primary-key probes reach with as many clients.

    A window without any counts as one transaction, for its logarithm's sake.
    """
    probes = [
        p.tps for p in run.concurrency
        if (p.workload, p.way, p.clients) == (PRIMARY_KEY, load.way, load.clients) and p.tps
    ]  # fmt: skip
    return [max(value, 1.0) / (probes[0] if probes else 1.0) for value in load.windows]


def _load_key(load: Load) -> tuple[str, str, int, bool]:
    return load.workload, load.way, load.clients, load.rate is None
