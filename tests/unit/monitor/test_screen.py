"""The screen: worst first, nothing cut off, nothing wider than the terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.formats.screen import SHOWN_OF_A_PROBE, render
from mlb_perf.monitor.probes.probe import Probe
from mlb_perf.monitor.report import Answer, Report
from mlb_perf.monitor.server_info import Facts

FACTS = Facts(
    "postgresql+psycopg2://app:***@db.example.org/odds", "odds", "app", "18.6", "0009", "0009",
    dt.datetime(2026, 7, 4, 18, 30, 5, tzinfo=dt.UTC),
)  # fmt: skip
CALM = Finding(Severity.OK, "cache_hit", "database", "of 1,000,000 block reads served "
               "by shared_buffers", 0.991, "ratio", 0.95)  # fmt: skip
WAIT = Finding(Severity.CRITICAL, "blocking_locks", "curated.teams", "pid 7 has waited", 130.0,
               "seconds", 60, "SELECT pg_terminate_backend(8)")  # fmt: skip
LONG = "curated.ix_" + "long_" * 30
UNUSED = Finding(Severity.WARNING, "unused_indexes", LONG, "not scanned",
                 4096.0, "bytes", 1024, f"DROP INDEX CONCURRENTLY {LONG}")  # fmt: skip


NO_DISK = (
    "not visible from here: the server is on another machine, or this role cannot read its "
    "settings; watch the disk there"
)


def _report(*findings: Finding) -> Report:
    probe = Probe("p", "v", lambda *_: [], lambda *_: CALM)
    return Report(FACTS, [Answer(probe, [], list(findings), 0.01)])


def test_into_a_pipe() -> None:
    """Each finding whole: a line that says which, one what it means, one with the fix."""
    assert render(_report(CALM, UNUSED, WAIT), None).plain.splitlines() == [
        "Database  postgresql+psycopg2://app:***@db.example.org/odds",
        "          PostgreSQL 18.6, revision 0009, as app, 2026-07-04 18:30:05 UTC",
        "State     1 critical, 1 warning, 3 ok",
        "",
        "CRITICAL  curated.teams  blocking_locks  2 min 10 s, limit 1 min",
        "          pid 7 has waited",
        "          > SELECT pg_terminate_backend(8)",
        "",
        f"WARNING   {UNUSED.object}  unused_indexes  4 kB, limit 1 kB",
        "          not scanned",
        f"          > {UNUSED.remedy}",
        "",
        "ok        cache_hit       99.1%  of 1,000,000 block reads served by shared_buffers",
        f"ok        disk                   {NO_DISK}",
        "ok        revision               0009, the newest",
    ]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_on_a_terminal(width: int) -> None:
    """The same words, in lines that fit; the names of long objects are folded, not cut."""
    report = _report(CALM, UNUSED, WAIT)
    shown = render(report, width).plain
    assert max(map(len, shown.splitlines())) <= width
    assert "".join(shown.split()) == "".join(render(report, None).plain.split())


def test_many_of_a_kind() -> None:
    """Four are named and the others counted; --all names them all."""
    many = [replace(UNUSED, object=f"curated.ix_{number}") for number in range(20)]
    shown = render(_report(*many), None).plain
    assert shown.count("WARNING ") == SHOWN_OF_A_PROBE
    assert "16 more of unused_indexes: mlb-perf status --all" in shown
    everything = render(_report(*many), None, every=True).plain
    assert everything.count("WARNING ") == 20
    assert "more of" not in everything


def test_what_several_probes_say_alike_is_said_once() -> None:
    locked = Finding(Severity.WARNING, "table_bloat", "database", "not known: lock timeout")
    shown = render(_report(locked, replace(locked, probe="index_usage")), None).plain
    assert "WARNING   database  table_bloat, index_usage\n          not known: lock" in shown
    assert shown.count("not known") == 1
    assert "2 warnings" in shown


def test_an_older_schema_is_a_warning() -> None:
    facts = replace(FACTS, head="0012", remedy="mlb-perf alembic upgrade head")
    report = replace(_report(CALM), facts=facts)
    assert report.severity is Severity.WARNING
    assert "> mlb-perf alembic upgrade head" in render(report, None).plain
