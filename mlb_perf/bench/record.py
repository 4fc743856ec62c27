"""What was measured, as rows of ``benchmark_runs`` and ``benchmark_results``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert

from mlb_perf.bench.document import Case, Document, Load, Run, Stall
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.models import BenchmarkResult, BenchmarkRun

_TIMES = ("min", "mean", "p50", "p95", "p99", "max", "stddev")
_OF_CASES = (
    "target_ms", "row_count", "buffers_hit", "buffers_read", "indexes_used", "plan_fingerprint",
)  # fmt: skip


def record(connection: Connection, document: Document, revision: str) -> list[int]:
    """Write each run with its results, within the caller's transaction; the ids of the runs.

    A case is a row under its category, a load one under ``concurrency``. A revision under load is
    two rows under ``stall``, which belong to the run of the newest schema, or, if there is none,
    to one of their own at ``revision``.
    """
    ids = {id(run): _run(connection, document, run) for run in document.runs}
    stalled = [row for stall in document.stalls for row in _stall(stall)]
    if stalled:
        after = document.run("after")
        if after is None:
            after = Run("after", revision, 0.0, 0, document.started_at, document.finished_at)
            ids[id(after)] = _run(connection, document, after)
        _write(connection, ids[id(after)], stalled)
    return list(ids.values())


def _run(connection: Connection, document: Document, run: Run) -> int:
    written = connection.execute(
        insert(BenchmarkRun)
        .values(
            revision=run.revision,
            command=document.command,
            server_version=document.server["version"],
            scale=run.scale or None,
            machine=document.machine,
            settings=document.server["settings"],
            row_counts={size.table: size.rows for size in run.storage},
            started_at=dt.datetime.fromisoformat(run.started_at),
            finished_at=dt.datetime.fromisoformat(run.finished_at),
        )
        .returning(BenchmarkRun.run_id)
    )
    run_id = int(written.scalar_one())
    _write(connection, run_id, list(_results(run)))
    return run_id


def _write(connection: Connection, run_id: int, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(BenchmarkResult), [row | {"run_id": run_id} for row in rows])


def _stall(stall: Stall) -> Iterator[dict[str, Any]]:
    for number, window in enumerate(stall.windows):
        for kind, times in (("writes", window.writes), ("reads", window.reads)):
            if times["count"]:
                yield {
                    "name": f"{window.name}, {kind}",
                    "category": "stall",
                    "iterations": int(times["count"]),
                    **{f"{name}_ms": times[name] for name in _TIMES},
                    "details": {
                        "p999_ms": times["p999"], "raw_rows": stall.rows, "place": number,
                        "seconds": round(window.ended - window.began, 3),
                    },
                }  # fmt: skip


def _results(run: Run) -> Iterator[dict[str, Any]]:
    for case in (*run.latency, *run.ingest):
        yield _of_case(case, run)
    for load in run.concurrency:
        if load.transactions:
            yield _of_load(load, run)


def _of_case(case: Case, run: Run) -> dict[str, Any]:
    ratios = summarise(case.ratios())
    return _times(case.samples_ms) | {
        "name": case.name,
        "category": case.category,
        **{name: getattr(case, name) for name in _OF_CASES},
        "indexes_used": case.indexes_used or None,
        "details": case.details | {"side": run.label, "ratio_to_reference_p50": ratios.p50},
    }


def _times(samples: list[float]) -> dict[str, float]:
    summary = asdict(summarise(samples))
    return {"iterations": summary["count"]} | {f"{n}_ms": summary[n] for n in _TIMES}


def _of_load(load: Load, run: Run) -> dict[str, Any]:
    rate = f", {load.rate:g}/s" if load.rate else ""
    return {
        "name": f"{load.workload}, {load.clients} clients, {load.way}{rate}"[:64],
        "category": "concurrency",
        "iterations": load.transactions,
        **{f"{name}_ms": getattr(load, f"{name}_ms") for name in _TIMES},
        **dict.fromkeys(_OF_CASES),
        "details": {
            "side": run.label, "transactions_per_second": load.tps, "errors": load.errors,
            "connected": load.connected, "scripts": load.scripts, "waits": load.waits,
        },
    }  # fmt: skip
