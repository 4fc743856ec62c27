"""Killed, refused, full: the next run goes on, and nothing is lost or left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.errors import MigrationFailed
from mlb_perf.journal import JOURNAL
from mlb_perf.online.rebuild.state import start_over
from tests.migration.rebuild.holding import PHASES, held, in_phase
from tests.migration.rebuild.shop import (
    FIRST_MONTH,
    MONTHS,
    PLAIN,
    ROWS,
    leftovers,
    make,
    rebuild,
    repaired,
    writers,
)
from tests.support.processes import finish, start
from tests.support.sql import rows, run, value
from tests.support.waiting import eventually, kill_in_phase


def child(engine: Engine, was: str, to: str, direction: str) -> subprocess.Popen[str]:
    url = engine.url.render_as_string(hide_password=False)
    return start((sys.executable, "-m", "tests.migration.rebuild.child", url, was, to, direction))


COUNTS = "SELECT count(*) || ' ' || sum(price) FROM shop.line"


@contextmanager
def before_the_swap(engine: Engine) -> Iterator[None]:
    """The rebuild has come to the swap, and has given up there."""
    with engine.connect() as idle:
        idle.exec_driver_sql("SELECT FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed, match="could not acquire"):
            rebuild(engine, PLAIN, MONTHS, seconds=0.1)
    yield


def begun(engine: Engine) -> bool:
    """The revisions have left rows of other tables."""
    query = "SELECT FROM performance_monitoring.rebuilds WHERE table_name = 'line'"
    return rows(engine, query) != []


def test_killed_in_each_phase(head: Engine) -> None:
    """Up and down again, killed in every phase on each way, with writers all the while."""
    make(head, 6000)
    for was, to, direction in (("plain", "months", "upgrade"), ("months", "plain", "downgrade")):
        with writers(head, 1) as errors:
            for phase in PHASES:
                with held(head, "shop.line", phase):
                    kill_in_phase(
                        child(head, was, to, direction),
                        lambda phase=phase: in_phase(head, "shop.line", phase),  # type: ignore[misc]
                    )
            finished = child(head, was, to, direction)
            finish(finished)
        assert errors == []
        assert (leftovers(head), repaired(head)) == ([], [])
        relkind = rows(head, "SELECT relkind FROM pg_class WHERE oid = 'shop.line'::regclass")
        assert relkind == [("p" if to == "months" else "r",)]
    untouched = rows(head, "SELECT count(*), sum(price) FROM shop.line WHERE game = 0")
    assert untouched == [(60, 60 * 110)]


def test_lock_that_is_held_for_long(head: Engine) -> None:
    """Given up with the holder's name; writers are not held up; the next run goes on."""
    make(head)
    before = rows(head, ROWS)
    with head.connect() as idle:
        pid = idle.exec_driver_sql("SELECT pg_backend_pid() FROM shop.line LIMIT 1").scalar_one()
        with pytest.raises(MigrationFailed, match=f"ACCESS EXCLUSIVE lock.*pid {pid}"):
            rebuild(head, PLAIN, MONTHS, seconds=1)
        run(head, "INSERT INTO shop.line (game, label, price) VALUES (7, 'meanwhile', 100)")
    rebuild(head, PLAIN, MONTHS)
    assert len(rows(head, ROWS)) == len(before) + 1
    assert (leftovers(head), repaired(head)) == ([], [])


def test_messages_name_the_table(head: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a lock on its shadow, nor an error of the server on it, names the shadow."""
    make(head, 100)
    run(head, "ALTER TABLE shop.line ADD CONSTRAINT own CHECK (label <> '')")
    with head.connect() as holder:

        def hold(*_: object) -> None:
            holder.exec_driver_sql("LOCK TABLE mlb_perf_rebuild.line IN ACCESS SHARE MODE")

        monkeypatch.setattr("mlb_perf.online.rebuild.run.settle_rest", hold)
        with pytest.raises(MigrationFailed, match=r"^shop\.line: could not acquire the") as refused:
            rebuild(head, PLAIN, MONTHS, seconds=0.2)
    assert "mlb_perf_rebuild" not in str(refused.value)
    drop = ["DROP TABLE mlb_perf_rebuild.line CASCADE"]
    monkeypatch.setattr("mlb_perf.online.rebuild.run.settle_rest", lambda _: run(head, *drop))
    with pytest.raises(MigrationFailed, match=r'^shop\.line: relation "shop\.line" does not exist'):
        rebuild(head, PLAIN, MONTHS)
    monkeypatch.undo()
    with pytest.raises(MigrationFailed, match=r"^shop\.line: the copy of its rebuild was dropped"):
        rebuild(head, PLAIN, MONTHS)
    run(head, *start_over(JOURNAL))
    rebuild(head, PLAIN, MONTHS)
    assert leftovers(head) == []


def test_a_difference_is_repaired(head: Engine) -> None:
    """What a REPEATABLE READ session deletes after the copy, with a snapshot from before it."""
    make(head)
    with head.connect() as idle:
        idle.exec_driver_sql("SELECT 1 FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed):
            rebuild(head, PLAIN, MONTHS, seconds=0.1)
    run(
        head,
        "DELETE FROM mlb_perf_rebuild.line WHERE game = 3",
        "UPDATE mlb_perf_rebuild.line SET price = 777 WHERE game = 4",
        "INSERT INTO mlb_perf_rebuild.line (seen_at, game, line_id, price, label)"
        " VALUES (now(), 5, 99999, 1, 'ghost')",
        "UPDATE performance_monitoring.rebuilds SET phase = 'copying'",
    )
    before = rows(head, ROWS)
    rebuild(head, PLAIN, MONTHS)
    assert rows(head, ROWS) == before
    assert repaired(head) == [(30 + 30 + 1,)]


def test_a_copy_is_begun_anew(head: Engine) -> None:
    """What the message of a copy that stays different tells: nothing of the copy is left."""
    make(head)
    with head.connect() as idle:
        idle.exec_driver_sql("SELECT 1 FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed):
            rebuild(head, PLAIN, MONTHS, seconds=0.1)
    run(
        head,
        "UPDATE performance_monitoring.rebuilds SET phase = 'copying' WHERE table_name = 'line'",
    )
    before = rows(head, ROWS)
    run(head, *start_over(JOURNAL))
    assert leftovers(head) == []
    run(head, "INSERT INTO shop.line (game, label, price) VALUES (7, 'meanwhile', 100)")
    rebuild(head, PLAIN, MONTHS)
    assert len(rows(head, ROWS)) == len(before) + 1
    assert (leftovers(head), repaired(head)) == ([], [])


WRONG = {
    "1900-01-01": "goes from 1900-01-01 .* to .* and 360 are the most",
    "9999-12-31": "goes from .* to 9999-12-31",
    "10000-01-01": "goes from .* to 10000-01-01",
    "0044-03-15 BC": "goes from 0044-03-15 .* BC to ",
    "infinity": "is infinite in some rows",
}


@pytest.mark.parametrize("moment", WRONG)
def test_wrong_dates_are_named(head: Engine, moment: str) -> None:
    make(head, 10)
    run(head, f"UPDATE shop.line SET seen_at = '{moment}' WHERE line_id = 5")
    before = value(head, COUNTS)
    with pytest.raises(MigrationFailed, match=f"^shop.line: seen_at {WRONG[moment]}.*as it was"):
        rebuild(head, PLAIN, MONTHS)
    assert (leftovers(head), value(head, COUNTS)) == ([], before)


@pytest.mark.parametrize("moment", WRONG)
def test_a_wrong_date_that_arrives_meanwhile(head: Engine, moment: str) -> None:
    """It waits in the DEFAULT partition; the message names the table, and the next run goes on."""
    make(head, 10)
    with before_the_swap(head):
        run(head, f"UPDATE shop.line SET seen_at = '{moment}' WHERE line_id = 5")
        before = value(head, COUNTS)
        with pytest.raises(MigrationFailed, match=f"^shop.line: seen_at {WRONG[moment]}"):
            rebuild(head, PLAIN, MONTHS)
        assert value(head, COUNTS) == before
        run(head, f"UPDATE shop.line SET seen_at = '{FIRST_MONTH}' WHERE line_id = 5")
    rebuild(head, PLAIN, MONTHS)
    assert (value(head, COUNTS), leftovers(head)) == (before, [])


def test_three_hundred_months(head: Engine) -> None:
    make(head, 10)
    run(head, "UPDATE shop.line SET seen_at = now() - interval '300 months' WHERE line_id = 5")
    before = rows(head, ROWS)
    for was, to, direction in ((PLAIN, MONTHS, "upgrade"), (MONTHS, PLAIN, "downgrade")):
        rebuild(head, was, to, direction=direction)
        assert (rows(head, ROWS), leftovers(head)) == (before, [])


def test_a_table_that_is_rewritten_meanwhile(head: Engine) -> None:
    """VACUUM FULL moves every row: what was copied is not taken for what is there."""
    make(head, 20000)
    before = rows(head, ROWS)
    process = child(head, "plain", "months", "upgrade")
    eventually(lambda: begun(head))
    with head.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM FULL shop.line")
    finish(process)
    assert rows(head, ROWS) == before
    assert (leftovers(head), repaired(head)) == ([], [])


def test_what_cannot_be_dropped_after_the_swap_is_dropped_by_the_next_run(head: Engine) -> None:
    """The old table, and the empty DEFAULT partition, which is none any more."""
    plain, months = replace(PLAIN, foreign_keys=()), replace(MONTHS, foreign_keys=())
    make(head)
    run(
        head,
        "ALTER TABLE shop.line DROP CONSTRAINT fk_line_game",
        "CREATE FUNCTION shop.refuse() RETURNS event_trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'nothing is dropped now'; END $$",
        "CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('DROP TABLE')"
        " EXECUTE FUNCTION shop.refuse()",
    )
    before = rows(head, ROWS)
    with pytest.raises(DBAPIError, match="nothing is dropped now"):
        rebuild(head, plain, months)
    left = "SELECT relispartition FROM pg_class WHERE relname = 'line_rest'"
    assert (rows(head, ROWS), rows(head, left)) == (before, [(False,)])
    run(head, "DROP EVENT TRIGGER refuse", "DROP FUNCTION shop.refuse()")
    rebuild(head, plain, months)
    assert (rows(head, ROWS), leftovers(head)) == (before, [])
    rebuild(head, months, plain, direction="downgrade")
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (before, [], [])
