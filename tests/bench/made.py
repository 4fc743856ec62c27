"""Result documents made by hand: known times, without a server."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from random import Random

from mlb_perf.bench.document import Case, Document, Load, Run, Stall, TableSize, Window
from mlb_perf.bench.found import Curves, Found, Line, Measurement, TextTable
from mlb_perf.bench.judge.targets import verdicts

PROBE_MS = 0.1


def case(
    name: str,
    median_ms: float,
    *,
    seed: int = 1,
    category: str = "joins",
    indexes: Sequence[str] = ("curated.ix_a",),
    count: int = 100,
) -> Case:
    """Times around a median, each with its probe, all of them drawn from the seed."""
    random = Random(f"{seed} {name}")
    return Case(
        name,
        category,
        samples_ms=[round(median_ms * random.lognormvariate(0, 0.2), 4) for _ in range(count)],
        reference_ms=[PROBE_MS] * count,
        target_ms=1.0,
        row_count=3,
        buffers_hit=7,
        buffers_read=0,
        indexes_used=list(indexes),
        plan_fingerprint="-".join(indexes),
        details={"question": "What?", "pages": median_ms * 10, "partitions": 0},
    )


def load(workload: str, clients: int, tps: float, *, way: str = "direct", errors: int = 0) -> Load:
    """A stretch of five seconds with an even rate."""
    return Load(
        workload, way, clients, None, 5.0, int(5 * tps), errors, clients, tps, 0.1, 2.0, 1.0, 5.0,
        9.0, 20.0, 1.0, windows=[tps + n % 3 for n in range(20)],
    )  # fmt: skip


def run(label: str, scale: float = 0.1, factor: float = 1.0, seed: int = 1) -> Run:
    """A run whose questions take ``factor`` times as long and whose tables are as much larger."""
    return Run(
        label,
        "0007" if label == "before" else "0019",
        scale,
        1,
        "2026-07-01T12:00:00.000+00:00",
        "2026-07-01T12:10:00.000+00:00",
        latency=[
            case("line_as_of", 0.2 * factor, seed=seed, category="curated_analytics"),
            case("board_of_day", 5 * factor, seed=seed),
        ],
        ingest=[
            Case(
                "load/1000", "ingest", [30.0 * factor + n for n in range(20)], [24.0] * 20,
                target_ms=50.0, row_count=1000,
                details={"rows_per_second": 30_000, "share_of_bare_copy": 0.8},
            ),
        ],
        concurrency=[
            load(workload, clients, tps / factor, way=way)
            for workload, tps in (("primary key", 10_000), ("lookups", 5_000))
            for way in ("direct", "pgbouncer")
            for clients in (8, 500)
        ],
        storage=[
            TableSize("staging.betting_odds_unified", 1000, int(300_000 * factor), 0, 90_000, 0),
            TableSize("curated.teams", 30, 8192, 0, 16_384, 0),
        ],
        left_out={"history": "nothing to draw parameters from"},
    )  # fmt: skip


def stall() -> Stall:
    """An upgrade and a downgrade of one revision, without trouble."""
    felt = {
        "count": 90.0, "min": 0.5, "mean": 3.0, "p50": 2.0, "p95": 8.0, "p99": 12.0, "p999": 40.0,
        "max": 61.0, "stddev": 2.0,
    }  # fmt: skip
    windows = [
        Window("no migration", 0.0, 1.0, felt, felt),
        Window("upgrade 0021", 1.0, 3.0, felt, felt),
        Window("downgrade 0021", 3.0, 4.5, felt, {"count": 0}),
    ]
    longest = [[n / 10, 5.0 + n % 7, 1.0 + n % 3] for n in range(45)]
    return Stall(20_000, 4, 4, windows, longest, [], [], 2, 12.0, 31.0, felt, 61_000.0)


LOADED = Found(
    [TextTable(["way", "a second", "share"], [["<bare> COPY", "61,000", "100%"]], 1)],
    ["1,000 rows & 6 books"],
    {"bare COPY": 61_000.0},
    curves=[Curves("A load", "rows", [Line("p50", [[10, 2.5], [1000, 3.5]])], 5.0)],
)


def measurement(name: str = "load", found: Found | None = None) -> Measurement:
    """One of the other measurements, with a table, a line and a figure."""
    return Measurement(
        name=name,
        title="Load and promotion of files",
        command=f"mlb-perf bench {name} --rows 1000",
        measured_on="2026-07-01, PostgreSQL 18.6, revision 0026, 2 processors, load average 0.1 at "
        f"the start, `mlb-perf bench {name} --rows 1000`",
        **vars(found or LOADED),
    )


def judged(name: str, found: Found) -> dict[str, tuple[str, bool | None]]:
    """What was found and whether it is met, by target, of a measurement with these figures."""
    value = document()
    value.measurements[:] = [measurement(name, found)]
    return {v.name: (v.got, v.met) for v in verdicts(value) if v.part == name}


def document(*runs: Run) -> Document:
    """A document of the runs, or of one run a side."""
    return Document(
        "mlb-perf bench --scale 0.1",
        "2026-07-01T12:00:00.000+00:00",
        "2026-07-01T12:20:00.000+00:00",
        {
            "processors": 2, "processor": "a <processor>", "memory_bytes": 2**34,
            "system": "Linux 6", "python": "3.11.7",
        },
        {"version": "18.6", "settings": {"shared_buffers": "4GB"}},
        list(runs) or [run("before", factor=3), run("after")],
        [stall()],
        package="0.1.0",
        measurements=[measurement()],
    )  # fmt: skip


SIDES = ("before", "after")


def whole() -> Document:
    """Two sides at three scales."""
    return document(*(run(side, scale, scale + 1) for scale in (0.1, 1, 3) for side in SIDES))


def with_case(value: Document, changed: Case, label: str = "after") -> Document:
    """The document with one question's case put in the place of the one of that name."""
    runs = [
        dataclasses.replace(
            one, latency=[changed if c.name == changed.name else c for c in one.latency]
        )
        if one.label == label
        else one
        for one in value.runs
    ]
    return dataclasses.replace(value, runs=runs)
