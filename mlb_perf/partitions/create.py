"""Make the months that a table lacks: create the table, then attach it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from mlb_perf.engine import execute
from mlb_perf.errors import PartitionFailed
from mlb_perf.months import Span, leaf_name, missing
from mlb_perf.names import qualified, shell_word
from mlb_perf.online.lock_ladder import transaction
from mlb_perf.partitions import catalog
from mlb_perf.partitions.partition import MonthTable
from mlb_perf.partitions.plan import creation
from mlb_perf.partitions.session import Session, explained

MOST_MONTHS = 240
"""Moments that are further apart than twenty years hold a wrong date."""


def create(session: Session, table: str, wanted: Span) -> list[str]:
    """Make what is missing of ``wanted``, under the lock ladder; the partitions made, by name."""
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
    """Make the monthly partitions of ``table`` that are missing from one moment to another.

    ``table`` is written as SQL does, ``schema.table``; the answer is what was
    made, by name, months in order. A table that is not partitioned by month
    needs none. It is part of the transaction that the connection is in, which
    the caller commits; on one in autocommit mode it is a transaction of its own.
    Its lock, SHARE UPDATE EXCLUSIVE, keeps neither readers nor writers out.

    Raises :class:`~mlb_perf.errors.PartitionFailed` for more than twenty years,
    for a month that rests in a graveyard, and for what the server refuses.
    """
    wanted = Span.of_months(first, last)
    with explained(f"{table} {wanted}"):
        found = catalog.read_table(connection, table)
        if found is None or not missing(wanted, found.covered):
            return []
        _refuse_too_many(found, wanted)
        _refuse_resting(connection, found, wanted)
        driver_connection = connection.connection.driver_connection
        if driver_connection is not None and driver_connection.autocommit:
            with transaction(connection):
                return _locked(connection, found.qualified, wanted)
        return _locked(connection, found.qualified, wanted)


def _locked(connection: Connection, table: str, wanted: Span) -> list[str]:
    execute(connection, f"LOCK TABLE ONLY {table} IN SHARE UPDATE EXCLUSIVE MODE")
    return _create_missing(connection, table, wanted)


def _create_missing(connection: Connection, table: str, wanted: Span) -> list[str]:
    """Look again under the lock: somebody may have made them meanwhile."""
    found = catalog.read_table(connection, table)
    if found is None:
        raise PartitionFailed(
            f"{table} is not partitioned by month of a date or timestamptz column"
        )
    made = []
    for span in missing(wanted, found.covered):
        leaf = qualified(found.schema, leaf_name(found.name, span.suffix))
        _refuse_taken(connection, found, leaf, span)
        for statement in creation(found, span):
            execute(connection, statement)
        made.append(leaf)
    return made


def _refuse_too_many(table: MonthTable, wanted: Span) -> None:
    if (count := len(missing(wanted, []))) > MOST_MONTHS:
        raise PartitionFailed(
            f"{table.qualified} would need {count} months for {wanted}, and {MOST_MONTHS} are the "
            f"most at once; correct the rows with a wrong {table.column}"
        )


def _refuse_resting(connection: Connection, table: MonthTable, wanted: Span) -> None:
    for it in catalog.read_detached(connection):
        if it.parent == table.qualified and it.span.overlaps(wanted):
            restore = f"restore {shell_word(table.qualified)} {it.span.low:%Y-%m}"
            raise PartitionFailed(
                f"{it.span} of {table.qualified} was detached and is {it.qualified} now; bring it "
                f"back with: mlb-perf partitions {restore}"
            )


def _refuse_taken(connection: Connection, table: MonthTable, leaf: str, span: Span) -> None:
    taken = connection.execute(text("SELECT to_regclass(:leaf)::oid"), {"leaf": leaf}).scalar_one()
    if taken is not None:
        raise PartitionFailed(
            f"{leaf} is the name of another relation, and {span} of {table.qualified} has no "
            f"partition: rename it, or attach it if it holds that month, and run again"
        )
