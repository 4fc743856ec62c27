"""Create the missing months of a table: create each partition, then attach it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from mlb_perf.engine import execute
from mlb_perf.errors import PartitionFailed
from mlb_perf.months import MOST_MONTHS, Period, Span, leaf_name, missing
from mlb_perf.names import qualified, shell_word
from mlb_perf.online.lock_ladder import transaction
from mlb_perf.partitions import catalog
from mlb_perf.partitions.partition import MonthTable
from mlb_perf.partitions.plan import creation
from mlb_perf.partitions.policy import period_of
from mlb_perf.partitions.session import Session, explained


def create(session: Session, table: str, wanted: Span) -> list[str]:
    """Create the missing months of ``wanted``, under the lock ladder; the names of the new ones."""
    made: list[str] = []
    with session.step("create_partition", f"{table} {wanted}") as it:
        session.under_lock(
            it,
            f"ONLY {table}",
            "SHARE UPDATE EXCLUSIVE",
            lambda: made.extend(_create_missing(session.connection, table, wanted)),
        )
    return made


def ensure(
    connection: Connection, table: str, first: dt.date | dt.datetime, last: dt.date | dt.datetime
) -> list[str]:
    """Create the missing monthly partitions of ``table`` from one moment to another.

    ``table`` is written as in SQL, ``schema.table``. Returns the names of the new
    partitions, months in order; none for a table that is not partitioned by month.
    Runs in the connection's transaction, which the caller commits; in autocommit
    mode it is a transaction of its own. Its lock, SHARE UPDATE EXCLUSIVE, blocks
    neither readers nor writers.

    Raises :class:`~mlb_perf.errors.PartitionFailed` for more than twenty years,
    for a month that is in a graveyard, and for errors of the server.
    """
    wanted = Span.of_months(first, last)
    with explained(f"{table} {wanted}"):
        found = catalog.read_table(connection, table)
        if found is None:
            return []
        period = period_of(connection, found.schema, found.name)
        wanted = wanted.widened(period)
        if not missing(wanted, found.covered):
            return []
        _refuse_too_many(found, wanted, period)
        refuse_buried(connection, found, wanted)
        driver_connection = connection.connection.driver_connection
        if driver_connection is not None and driver_connection.autocommit:
            with transaction(connection):
                return _locked(connection, found.qualified, wanted)
        return _locked(connection, found.qualified, wanted)


def _locked(connection: Connection, table: str, wanted: Span) -> list[str]:
    execute(connection, f"LOCK TABLE ONLY {table} IN SHARE UPDATE EXCLUSIVE MODE")
    return _create_missing(connection, table, wanted)


def _create_missing(connection: Connection, table: str, wanted: Span) -> list[str]:
    """Read the catalog again under the lock: another session may have created them meanwhile."""
    found = catalog.read_table(connection, table)
    if found is None:
        raise PartitionFailed(
            f"{table} is not partitioned by month of a date or timestamptz column"
        )
    made = []
    period = period_of(connection, found.schema, found.name)
    for span in missing(wanted, found.covered, period):
        leaf = qualified(found.schema, leaf_name(found.name, span.suffix))
        _refuse_taken(connection, found, leaf, span)
        for statement in creation(found, span):
            execute(connection, statement)
        made.append(leaf)
    return made


def _refuse_too_many(table: MonthTable, wanted: Span, period: Period) -> None:
    if (count := len(missing(wanted, [], period))) > MOST_MONTHS:
        raise PartitionFailed(
            f"{table.qualified} would need {count} {period}s for {wanted}, more than {MOST_MONTHS} "
            f"at once; correct the rows with a wrong {table.column}"
        )


def refuse_buried(connection: Connection, table: MonthTable, wanted: Span) -> None:
    """Raise :class:`~mlb_perf.errors.PartitionFailed` for a month that is in a graveyard."""
    for it in catalog.read_detached(connection):
        if it.parent == table.qualified and it.span.overlaps(wanted):
            restore = f"restore {shell_word(table.qualified)} {it.span.low:%Y-%m}"
            raise PartitionFailed(
                f"{it.span} of {table.qualified} was detached and is now {it.qualified}; restore "
                f"it with: mlb-perf partitions {restore}"
            )


def _refuse_taken(connection: Connection, table: MonthTable, leaf: str, span: Span) -> None:
    taken = connection.execute(text("SELECT to_regclass(:leaf)::oid"), {"leaf": leaf}).scalar_one()
    if taken is not None:
        raise PartitionFailed(
            f"{span} of {table.qualified} has no partition, and another relation is named {leaf}: "
            f"rename it, or attach it if it holds that month, and run again"
        )
