"""The measurement of stalls: its values, its targets, and each kind of damage that it must see."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import URL, Connection

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import Rebuild, Stall
from mlb_perf.bench.judge.targets import verdicts
from mlb_perf.bench.judge.verdict import Verdict
from mlb_perf.bench.measure.stall import Span, measure, summed_up
from mlb_perf.bench.tools import clients
from mlb_perf.bench.tools.clients import Report, Timed, Workload
from mlb_perf.engine import connect
from tests.bench import made

pytestmark = pytest.mark.usefixtures("copied")

LAST = "0008"
"""Enough of the revisions: one up, one down."""
FEW = Workload(rows=2_000, writers=2, readers=1)


def step(operation: str, status: str = "succeeded", **values: Any) -> SimpleNamespace:
    fields = {"duration_ms": None, "lock_wait_ms": 0, "rows_affected": 0, "revision": "0021"}
    return SimpleNamespace(
        operation=operation, status=status, object_name="raw_data.a", **fields | values
    )


def found() -> Stall:
    """Two seconds, the second of them a revision; sixteen statements in each."""
    times = [
        Timed(1000 + n / 16, 10.0 + n, "read" if n % 2 else ("insert", "update")[n // 2 % 2])
        for n in range(32)
    ]
    steps = [
        step("copy_rows", duration_ms=4000.0, rows_affected=200_000),
        step("repair_copy"),
        step("swap_table", "retried", lock_wait_ms=90),
        step("swap_table", duration_ms=20.5, lock_wait_ms=3),
        step("copy_rows", duration_ms=900.0, rows_affected=10),
    ]
    spans = [Span("no migration", 1000.0, 1001.0), Span("upgrade 0021", 1001.0, 1002.0)]
    return summed_up(Workload(rows=7), spans, [Report(times, ["insert: 40P01"])], [], steps)


def test_windows_and_moments() -> None:
    value = found()
    usual, upgrade = value.windows
    assert (usual.name, usual.began, usual.ended) == ("no migration", 0.0, 1.0)
    assert (upgrade.name, upgrade.began, upgrade.ended) == ("upgrade 0021", 1.0, 2.0)
    assert (usual.writes["count"], usual.writes["max"], usual.reads["max"]) == (8, 24, 25)
    assert (upgrade.writes["min"], upgrade.writes["max"], upgrade.reads["max"]) == (26, 40, 41)
    assert value.longest[:2] == [[0.0, 10.0, 11.0], [0.1, 12.0, 13.0]]
    assert value.longest[-1] == [1.9, 0.0, 41.0]
    assert (value.rows, value.errors, value.lock_retries) == (7, ["insert: 40P01"], 1)
    assert (value.longest_lock_wait_ms, value.longest_swap_ms) == (90, 20.5)
    assert (value.all_writes["count"], value.all_writes["max"]) == (8, 40)
    assert value.slowest_copy == 50_000
    assert value.repaired_copies == 1


def test_a_rebuild_is_a_copy_and_its_swap() -> None:
    copy = step("copy_rows", duration_ms=4000.0, rows_affected=200_000)
    swap = step("swap_table", duration_ms=20.5)
    value = summed_up(FEW, [Span("upgrade 0021", 0, 1)], [], [], [copy, swap])
    assert value.rebuilds == [Rebuild("raw_data.a", "0021", 200_000, 50_000, 20.5)]


def judged(*values: Stall) -> list[Verdict]:
    document = made.document()
    document.stalls[:] = values
    return [v for v in verdicts(document) if v.part == "stall"]


TARGETS = [
    Verdict("stall", "failed statements", "none", "1", False),
    Verdict("stall", "rows lost or changed", "none", "0", True),
    Verdict("stall", "longest statement", "under 500 ms", "41 ms", True),
    Verdict("stall", "p99.9 of a write", "under 100 ms", "40 ms", True),
    Verdict("stall", "longest swap of a table", "under 50 ms", "20 ms", True),
    Verdict(
        "stall", "slowest copy of a large table", "40,000 rows a second or more",
        "50,000 rows a second", True,
    ),
]  # fmt: skip


def test_its_targets() -> None:
    assert judged(found()) == TARGETS


def test_of_several_the_worst_counts() -> None:
    """The last one of a document is not all that was measured."""
    value = found()
    slow = dataclasses.replace(
        value, differences=["raw: 7 became 6"], longest_swap_ms=80.0, slowest_copy=9_000.0
    )
    quiet = dataclasses.replace(value, errors=[], slowest_copy=0.0)
    for order in ((slow, quiet), (quiet, slow)):
        assert [(v.got, v.met) for v in judged(*order)] == [
            ("1", False), ("1", False), ("41 ms", True), ("40 ms", True), ("80 ms", False),
            ("9,000 rows a second", False),
        ]  # fmt: skip


def measured(server: URL, name: str, meddle: Callable[[Connection], object] | None = None) -> Stall:
    """A revision up and down, with damage done in the database while it is upgraded."""

    def say(line: str) -> None:
        if meddle is not None and line == f"stall, upgrade {LAST}":
            with connect(engine_of(server.set(database=name))) as connection:
                meddle(connection)

    return measure(server, FEW, name, say, last=LAST, usual_seconds=0.4)


def test_nothing_is_lost_where_nothing_is_damaged(server_url: URL, name: str) -> None:
    value = measured(server_url, name)
    assert (value.errors, value.differences) == ([], [])
    assert [window.name for window in value.windows] == [
        "no migration", f"upgrade {LAST}", f"downgrade {LAST}", "no migration",
    ]  # fmt: skip
    assert all(window.writes["count"] for window in value.windows[::3])
    assert [v.met for v in judged(value)][:2] == [True, True]


def a_row_changed(connection: Connection) -> None:
    """A seeded one, which no client touches."""
    changed = connection.exec_driver_sql(
        "UPDATE curated.betting_lines_unified SET price = price + 1 WHERE source <> 'live'"
        " AND line_id = (SELECT min(line_id) FROM curated.betting_lines_unified)"
    )
    assert changed.rowcount == 1


def a_row_lost(connection: Connection) -> None:
    """A client's, of those that must be there at the end."""
    lost = connection.exec_driver_sql(
        "DELETE FROM staging.betting_odds_unified WHERE external_game_id = 'live 0 1'"
    )
    assert lost.rowcount == 1


def a_row_doubled(connection: Connection) -> None:
    """A client's, under a key of its own, so that no constraint forbids it."""
    doubled = connection.exec_driver_sql(
        "INSERT INTO raw_data.odds_api_odds"
        " (external_game_id, sportsbook_key, collected_at, payload)"
        " SELECT external_game_id, 'another', collected_at, payload"
        " FROM raw_data.odds_api_odds WHERE external_game_id = 'live 0 1'"
    )
    assert doubled.rowcount == 1


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (a_row_changed, "curated: "),
        (a_row_lost, "staging live 0 1: [102] became []"),
        (a_row_doubled, "raw live 0 1: [2] became [2, 2]"),
    ],
)
def test_a_damaged_row_is_reported(
    server_url: URL, name: str, meddle: Callable[[Connection], None], said: str
) -> None:
    value = measured(server_url, name, meddle)
    (difference,) = value.differences
    assert difference.startswith(said)
    assert value.errors == []
    assert judged(value)[1] == Verdict("stall", "rows lost or changed", "none", "1", False)


def test_statements_that_fail_are_reported(server_url: URL, name: str) -> None:
    def forbid(connection: Connection) -> None:
        connection.exec_driver_sql(
            "ALTER TABLE staging.betting_odds_unified"
            " ADD CONSTRAINT fault CHECK (price IS DISTINCT FROM 102) NOT VALID"
        )

    value = measured(server_url, name, forbid)
    assert value.errors
    assert all(error.startswith("update: 23514: ") for error in value.errors)
    assert value.differences == []  # what failed has changed nothing
    first = judged(value)[0]
    assert (first.name, first.got, first.met) == (
        "failed statements", str(len(value.errors)), False,
    )  # fmt: skip


def test_a_client_that_is_killed_is_reported(
    server_url: URL, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it wrote is not known, so the rows that it left are differences as well."""
    monkeypatch.setattr(clients, "write", _killed_after_a_while)
    value = measured(server_url, name)
    assert "a client ended early: its process is gone without a report" in value.errors
    assert judged(value)[0].met is False


def _killed_after_a_while(*given: Any) -> None:
    _url, _number, _rate, stop, _pipe = given
    stop.wait(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
