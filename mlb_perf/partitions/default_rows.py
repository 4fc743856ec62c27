"""Move the rows of a DEFAULT partition to partitions of their months, batch by batch.

A month cannot be attached while the DEFAULT partition holds rows of it. So each batch is one
transaction: its rows move to the month's partition, and the upper bound of that moves up with them.
Every row is visible at every moment. The transaction holds ACCESS EXCLUSIVE on the table, by the
lock ladder, while it moves the batch and the server reads the rest of the DEFAULT partition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from mlb_perf import sql
from mlb_perf.errors import PartitionFailed
from mlb_perf.months import Span, leaf_name, missing
from mlb_perf.names import qualified, quote, shell_word
from mlb_perf.online.journal import Step
from mlb_perf.partitions import catalog
from mlb_perf.partitions.create import refuse_buried
from mlb_perf.partitions.partition import MonthTable
from mlb_perf.partitions.plan import creation
from mlb_perf.partitions.policy import period_of
from mlb_perf.partitions.session import Session

BATCH_ROWS = 20_000
Tell = Callable[[str, int], None]
"""Called after each batch with the partition and the number of rows that it got."""


@dataclass(frozen=True)
class _Batch:
    """Rows before ``after.high`` go to ``leaf``, which then spans ``after``; at last ``whole``."""

    leaf: str
    is_new: bool
    after: Span
    whole: Span
    columns: str


def spread(session: Session, table: str, tell: Tell, batch_rows: int = BATCH_ROWS) -> None:
    """Move all rows of the DEFAULT partition of ``table`` that have a key.

    Interrupted, it keeps the batches that it moved, and the next call continues. Raises
    :class:`~mlb_perf.errors.PartitionFailed` for a table without a DEFAULT partition.
    """
    while (batch := _next(session, _found(session, table), batch_rows)) is not None:
        with session.step("spread_default", table) as it:
            moved = _move(session, it, table, batch_rows)
            it.rows = moved
        tell(batch.leaf, moved)


def _found(session: Session, table: str) -> MonthTable:
    found = catalog.read_table(session.connection, table)
    if found is None or found.default is None:
        raise PartitionFailed(
            f"{table} has no DEFAULT partition of a date or a timestamptz; nothing was changed: "
            f"mlb-perf partitions plan {shell_word(table)} shows what it lacks"
        )
    return found


def _next(session: Session, table: MonthTable, batch_rows: int) -> _Batch | None:
    """The next batch, from the first rows and the catalog; None if no row has a month."""
    assert table.default is not None
    query = sql.read("partitions/default_batch.sql").format(
        key=quote(table.column), partition=table.default.qualified,
        cast="::timestamp AT TIME ZONE 'UTC'" if table.is_date else "",
    )  # fmt: skip
    values = {"rows": batch_rows, "table": table.qualified}
    row = session.connection.execute(text(query), values).one()
    if row.first is None:
        return None
    period = period_of(session.connection, table.schema, table.name)
    whole = Span(row.first, row.first + dt.timedelta(microseconds=1)).widened(period)
    gap = next(g for g in missing(whole, table.covered, period) if g.low <= row.first < g.high)
    high = gap.high if row.next is None else min(row.next, gap.high)
    for part in table.partitions:
        whole = Span(part.span.low, gap.high)
        if part.span.high == gap.low and part.name == leaf_name(table.name, whole.suffix):
            return _Batch(part.qualified, False, Span(part.span.low, high), whole, row.columns)
    leaf = qualified(table.schema, leaf_name(table.name, gap.suffix))
    return _Batch(leaf, True, Span(gap.low, high), gap, row.columns)


def _move(session: Session, it: Step, table: str, batch_rows: int) -> int:
    moved = 0

    def work() -> None:
        nonlocal moved
        found = _found(session, table)
        batch = _next(session, found, batch_rows)  # again, now that nobody can change it
        moved = 0 if batch is None else _exchange(session, found, batch)

    session.under_lock(it, f"ONLY {table}", "ACCESS EXCLUSIVE", work)
    return moved


def _exchange(session: Session, table: MonthTable, batch: _Batch) -> int:
    assert table.default is not None
    if batch.is_new:
        refuse_buried(session.connection, table, batch.whole)
        for statement in creation(table, batch.whole)[:-1]:  # it is attached when it has its rows
            session.run(statement)
    else:
        session.run(f"ALTER TABLE {table.qualified} DETACH PARTITION {batch.leaf}")
    zone = " AT TIME ZONE 'UTC'" if table.is_date else ""
    query = sql.read("partitions/default_move.sql").format(
        partition=table.default.qualified, leaf=batch.leaf, columns=batch.columns,
        key=quote(table.column), high=f"CAST(:high AS timestamptz){zone}",
    )  # fmt: skip
    moved = session.connection.execute(text(query), {"high": batch.after.high}).rowcount
    values = batch.after.values(is_date=table.is_date)
    session.run(f"ALTER TABLE {table.qualified} ATTACH PARTITION {batch.leaf} {values}")
    return moved
