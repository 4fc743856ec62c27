"""What the measurement of stalls tells, as plain values."""

from __future__ import annotations

from types import SimpleNamespace

from mlb_perf.bench.judge.targets import Verdict, verdicts
from mlb_perf.bench.measure import stall, stalling
from mlb_perf.bench.tools.clients import Load, Timed
from tests.bench import made


def found() -> stall.Stall:
    """Two seconds, the second of them a revision; sixteen statements in each."""
    times = [
        Timed(1000 + n / 16, 10.0 + n, "read" if n % 2 else ("insert", "update")[n // 2 % 2])
        for n in range(32)
    ]
    steps = [
        SimpleNamespace(
            operation="swap_table", status="succeeded", duration_ms=20.5, lock_wait_ms=3
        ),
        SimpleNamespace(
            operation="swap_table", status="retried", duration_ms=None, lock_wait_ms=90
        ),
        SimpleNamespace(
            operation="copy_rows",
            status="succeeded",
            duration_ms=4000.0,
            lock_wait_ms=0,
            rows_affected=200_000,
        ),
        SimpleNamespace(
            operation="copy_rows",
            status="succeeded",
            duration_ms=900.0,
            lock_wait_ms=0,
            rows_affected=10,
        ),
    ]
    windows = [
        stall.Window("no migration", 1000.0, 1001.0), stall.Window("upgrade 0021", 1001.0, 1002.0),
    ]  # fmt: skip
    return stall.Stall(Load(rows=7), "18.6", windows, times, ["insert: 40P01"], [], steps)


def test_windows_and_moments() -> None:
    told = stalling.plain(found())
    usual, upgrade = told.windows
    assert (usual.name, usual.began, usual.ended) == ("no migration", 0.0, 1.0)
    assert (upgrade.name, upgrade.began, upgrade.ended) == ("upgrade 0021", 1.0, 2.0)
    assert (usual.writes["count"], usual.writes["max"], usual.reads["max"]) == (8, 24, 25)
    assert (upgrade.writes["min"], upgrade.writes["max"], upgrade.reads["max"]) == (26, 40, 41)
    assert told.longest[:2] == [[0.0, 10.0, 11.0], [0.1, 12.0, 13.0]]
    assert told.longest[-1] == [1.9, 0.0, 41.0]
    assert (told.rows, told.errors, told.lock_retries) == (7, ["insert: 40P01"], 1)
    assert (told.longest_lock_wait_ms, told.longest_swap_ms) == (90, 20.5)
    assert (told.all_writes["count"], told.all_writes["max"], told.slowest_copy) == (8, 40, 50_000)


def test_its_targets() -> None:
    value = made.document()
    value.stalls[:] = [stalling.plain(found())]
    judged = [v for v in verdicts(value) if v.part == "stall"]
    assert judged == [
        Verdict("stall", "failed statements", "none", "1", False),
        Verdict("stall", "rows lost or changed", "none", "0", True),
        Verdict("stall", "longest statement", "under 500 ms", "41 ms", True),
        Verdict("stall", "p99.9 of a write", "under 100 ms", "40 ms", True),
        Verdict("stall", "longest swap of a table", "under 50 ms", "20 ms", True),
        Verdict(
            "stall",
            "slowest copy of a large table",
            "40,000 rows a second or more",
            "50,000 rows a second",
            True,
        ),
    ]
