"""The result document: what one command measured, as versioned JSON.

``document.runs`` has a run for each scale and side; times are in milliseconds, sizes in
bytes, moments ISO 8601 in UTC. ``docs/benchmark.md`` describes each key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from mlb_perf.bench.found import Measurement

T = TypeVar("T")

PRIMARY_KEY = "primary key"
"""The workload that the others are compared with."""
KEYS = "keys"
"""The side with keys alone: the newest schema without its secondary indexes."""
NO_MIGRATION = "no migration"
"""What the stretches of a stall's measurement before and after all revisions are called."""


@dataclass(frozen=True)
class Case:
    """The times of one question or one way to load, each beside a reference of the same moment."""

    name: str
    category: str
    samples_ms: list[float]
    reference_ms: list[float]
    """One for each sample: a primary-key probe, or a bare COPY of the same bytes."""
    cpu_ms: list[float] = field(default_factory=list)
    """The server's processor time of each sample; empty where it is not known."""
    reference_cpu_ms: list[float] = field(default_factory=list)
    ended: int = 0
    """Executions that the time limit ended; their samples are the limit."""
    limit_ms: float | None = None
    pages: list[int] = field(default_factory=list)
    """Pages that each set of values reads, in the order in which all sides were asked them."""
    generic_pages: list[int] = field(default_factory=list)
    """The same of the plan that a prepared statement has for all values."""
    target_ms: float | None = None
    row_count: int | None = None
    buffers_hit: int | None = None
    buffers_read: int | None = None
    indexes_used: list[str] = field(default_factory=list)
    plan_fingerprint: str | None = None
    plan: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    def ratios(self) -> list[float]:
        """Each sample as a multiple of its reference."""
        return [a / b for a, b in zip(self.samples_ms, self.reference_ms, strict=True)]

    def cpu_ratios(self) -> list[float]:
        """The same of processor time; empty where it is not known, or too short to measure."""
        pairs = zip(self.cpu_ms, self.reference_cpu_ms, strict=True)
        return [a / b for a, b in pairs if a > 0 and b > 0]


@dataclass(frozen=True)
class Load:
    """What a number of clients got out of the server in one stretch of time."""

    workload: str
    way: str
    """direct, or pgbouncer; with ``, prepared`` if the clients prepared their statements."""
    clients: int
    rate: float | None = None
    """Transactions a second that were asked for; None for as many as there are answers."""
    seconds: float = 0.0
    transactions: int = 0
    errors: int = 0
    connected: int = 0
    """The most clients that were seen connected at once."""
    tps: float = 0.0
    min_ms: float = 0.0
    mean_ms: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    max_ms: float = 0.0
    stddev_ms: float = 0.0
    windows: list[float] = field(default_factory=list)
    """Transactions a second, by quarters of a second."""
    scripts: dict[str, dict[str, float]] = field(default_factory=dict)
    waits: dict[str, float] = field(default_factory=dict)
    """What active sessions were seen waiting for, as shares of them; ``processor`` is no wait."""
    note: str = ""
    """Why it was not measured, or what went wrong; empty if nothing did."""


@dataclass(frozen=True)
class TableSize:
    """Bytes of one table with all its partitions."""

    table: str
    rows: int
    heap: int
    toast: int
    indexes: int
    partitions: int

    @property
    def total(self) -> int:
        """Heap, TOAST and indexes, bytes."""
        return self.heap + self.toast + self.indexes


@dataclass(frozen=True)
class Run:
    """What was measured at one scale and one revision."""

    label: str
    """before, after, keys (without secondary indexes), or the revision of a side between."""
    revision: str
    scale: float
    seed: int
    started_at: str = ""
    finished_at: str = ""
    latency: list[Case] = field(default_factory=list)
    ingest: list[Case] = field(default_factory=list)
    concurrency: list[Load] = field(default_factory=list)
    storage: list[TableSize] = field(default_factory=list)
    compacted: list[TableSize] = field(default_factory=list)
    """The same tables of a copy after VACUUM FULL, if that was asked for."""
    left_out: dict[str, str] = field(default_factory=dict)
    """What could not be measured, and why."""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Window:
    """One revision under load: seconds from the first statement, and what statements took."""

    name: str
    """As in ``upgrade 0021``; :data:`NO_MIGRATION` before and after all."""
    began: float
    ended: float
    writes: dict[str, float]
    """``count``; ``min``, ``mean``, ``p50``, ``p95``, ``p99``, ``p999``, ``max`` and ``stddev`` in
    ms, unless there were none."""
    reads: dict[str, float]


@dataclass(frozen=True)
class Rebuild:
    """One table that a revision rebuilt while others worked in it."""

    table: str
    revision: str
    rows: int
    rows_per_second: float
    swap_ms: float


@dataclass(frozen=True)
class Stall:
    """What readers and writers felt of an upgrade and a downgrade."""

    rows: int
    """Raw rows in the database."""
    writers: int
    readers: int
    windows: list[Window]
    longest: list[list[float]]
    """Seconds, then the longest write and read of that tenth of a second in ms; 0 for none."""
    errors: list[str]
    differences: list[str]
    """Rows that were not as they should be afterwards."""
    lock_retries: int
    longest_lock_wait_ms: float
    longest_swap_ms: float
    all_writes: dict[str, float] = field(default_factory=dict)
    """Of the writes of all revisions together, what :attr:`Window.writes` has of one."""
    slowest_copy: float = 0.0
    """Rows a second of the slowest copy of a large table; 0 if there was none."""
    rebuilds: list[Rebuild] = field(default_factory=list)
    repaired_copies: int = 0
    """Copies that the verification before the swap corrected."""


@dataclass(frozen=True)
class Document:
    """All that one command measured, and on what."""

    command: str
    started_at: str
    finished_at: str
    machine: dict[str, Any]
    server: dict[str, Any]
    runs: list[Run]
    stalls: list[Stall] = field(default_factory=list)
    package: str = ""
    measurements: list[Measurement] = field(default_factory=list)
    """Of the other measurements; an older document has none."""

    def run(self, label: str, scale: float | None = None) -> Run | None:
        """The run of that side, at the largest scale unless one is named; None if there is none."""
        found = [r for r in self.runs if r.label == label and scale in (None, r.scale)]
        return max(found, key=lambda run: run.scale, default=None)

    def sides(self) -> list[Run]:
        """The runs before and after the upgrade at the largest scale, or the one of them."""
        after = self.run("after")
        before = self.run("before", after.scale if after else None)
        return [run for run in (before, after) if run is not None]

    def earlier(self) -> list[Run]:
        """The sides that the newest schema is compared with, at its scale, keys alone first."""
        if (after := self.run("after")) is None:
            return []
        runs = [r for r in self.runs if r.scale == after.scale and r.label != after.label]
        return sorted(runs, key=lambda run: (run.label != KEYS, run.revision))

    def questions(self) -> list[tuple[Case | None, Case]]:
        """The questions asked after the upgrade, each with the same question before it."""
        return _paired(self.sides(), lambda run: {case.name: case for case in run.latency})

    def sizes(self) -> list[tuple[TableSize | None, TableSize]]:
        """The tables after the upgrade, each with the same table before it, the largest first."""
        return _paired(self.sides(), lambda run: {size.table: size for size in run.storage})

    def scales(self) -> list[float]:
        """The scales that were measured, ascending."""
        return sorted({run.scale for run in self.runs})


def _paired(sides: list[Run], named: Callable[[Run], dict[str, T]]) -> list[tuple[T | None, T]]:
    if not sides or sides[-1].label != "after":
        return []
    old = named(sides[0]) if len(sides) > 1 else {}
    return [(old.get(name), new) for name, new in named(sides[-1]).items()]


def joined(results: Sequence[Document]) -> Document:
    """One document with the runs of all; where two have the same scale and side, the later one."""
    return replace(
        results[-1],
        command="; ".join(result.command for result in results),
        runs=list({(run.scale, run.label): run for one in results for run in one.runs}.values()),
        stalls=[stall for one in results for stall in one.stalls],
        measurements=list({m.name: m for one in results for m in one.measurements}.values()),
    )
