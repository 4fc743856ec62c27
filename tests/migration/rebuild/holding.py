"""Keep a rebuild in one of its phases until a process is killed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from tests.support.sql import rows, run

PHASES = ("prepared", "copying", "verified", "swapped")

_HOLDS = {
    # The triggers wait for a writer, the copy for a row, the swap for a reader.
    "prepared": "LOCK TABLE {0} IN ROW EXCLUSIVE MODE",
    "copying": "SELECT FROM {0} LIMIT 1 FOR UPDATE",
    "verified": "SELECT FROM {0} LIMIT 1",
    "swapped": "SELECT pg_advisory_xact_lock(4711)",
}
_DROPS_WAIT = (
    (
        "CREATE FUNCTION public.drops_wait() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_query() ~ '^DROP TABLE mlb_perf_before_\\w+\\.{0}$'"
        " THEN PERFORM pg_advisory_xact_lock(4711); END IF; END $$"
    ),
    (
        "CREATE EVENT TRIGGER drops_wait ON ddl_command_start WHEN TAG IN ('DROP TABLE')"
        " EXECUTE FUNCTION public.drops_wait()"
    ),
)
_DROPS_GO_ON = ("DROP EVENT TRIGGER drops_wait", "DROP FUNCTION public.drops_wait()")


@contextmanager
def held(engine: Engine, table: str, phase: str) -> Iterator[None]:
    """During the block a rebuild of the table comes to the phase, and no further."""
    is_swapped = phase == "swapped"
    name = table.partition(".")[2]
    run(engine, *(_DROPS_WAIT[0].format(name), _DROPS_WAIT[1]) if is_swapped else ())
    with engine.connect() as holder:
        holder.exec_driver_sql(_HOLDS[phase].format(table))
        yield
    run(engine, *(_DROPS_GO_ON if is_swapped else ()))


def in_phase(engine: Engine, table: str, phase: str) -> list[tuple[object, ...]]:
    """The row of the rebuild, if the rebuild is in the phase."""
    return rows(
        engine,
        "SELECT revision, direction, phase, rows_copied FROM performance_monitoring.rebuilds"
        f" WHERE schema_name || '.' || table_name = '{table}' AND phase = '{phase}'",
    )
