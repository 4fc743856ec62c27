"""Restore a partition from the graveyard, without a scan under the lock."""

from __future__ import annotations

from sqlalchemy import text

from mlb_perf import sql
from mlb_perf.errors import PartitionFailed
from mlb_perf.months import BEGINNING, END
from mlb_perf.names import literal, qualified, quote, shell_word
from mlb_perf.online.journal import Step
from mlb_perf.partitions import catalog
from mlb_perf.partitions.detach_sql import BOUNDS, unmark
from mlb_perf.partitions.partition import Detached, MonthTable
from mlb_perf.partitions.session import Session


def restore(session: Session, resting: Detached) -> str:
    """Attach a partition again, with its rows, indexes and comment; returns its name.

    The long steps (validate that every row is within the bounds, build the parent's
    newer indexes) come first, on a table that no session uses. Raises
    :class:`~mlb_perf.errors.PartitionFailed`; the table then stays in the graveyard.
    """
    back = qualified(resting.parent_schema, resting.name)
    with session.step("restore_partition", resting.qualified) as it:
        table = _parent(session, resting)
        _refuse_covered(table, resting)
        _prove_bounds(session, it, table, resting)
        _add_indexes(session, table, resting)
        values = resting.span.values(is_date=table.is_date)

        def work() -> None:
            session.run(f"ALTER TABLE {resting.qualified} SET SCHEMA {quote(table.schema)}")
            session.run(f"ALTER TABLE {table.qualified} ATTACH PARTITION {back} {values}")
            session.run(f"ALTER TABLE {back} DROP CONSTRAINT {BOUNDS}")
            session.run(unmark(back, resting.former_comment))

        session.under_lock(it, f"ONLY {table.qualified}", "SHARE UPDATE EXCLUSIVE", work)
    return back


def _parent(session: Session, resting: Detached) -> MonthTable:
    if resting.state != "resting":
        raise PartitionFailed(
            f"{resting.qualified} is half detached; finish that first: mlb-perf partitions "
            f"detach {shell_word(resting.parent)}"
        )
    table = catalog.read_table(session.connection, resting.parent)
    if table is None:
        raise PartitionFailed(
            f"{resting.parent} is no longer partitioned by month; {_copy_instead(resting)}"
        )
    if resting.span.low == BEGINNING or resting.span.high == END:
        raise PartitionFailed(
            f"{resting.qualified} had no lower or no upper bound; attach it by hand: ALTER TABLE "
            f"{resting.parent} ATTACH PARTITION {resting.qualified} FOR VALUES ..."
        )
    return table


def _refuse_covered(table: MonthTable, resting: Detached) -> None:
    for partition in table.partitions:
        if not partition.is_default and partition.span.overlaps(resting.span):
            raise PartitionFailed(
                f"{partition.qualified} now holds {partition.span} of {table.qualified}; "
                f"{_copy_instead(resting)}"
            )


def _copy_instead(resting: Detached) -> str:
    rows = f"SELECT * FROM {resting.qualified}"  # noqa: S608  shown, not run
    return f"copy the rows instead: INSERT INTO {resting.parent} {rows}"


def _prove_bounds(session: Session, it: Step, table: MonthTable, resting: Detached) -> None:
    """Add and validate a CHECK: DETACH CONCURRENTLY leaves one, the plain form does not."""
    column = quote(table.column)
    low, high = (literal(edge.isoformat(sep=" ")) for edge in (resting.span.low, resting.span.high))
    if table.is_date:
        low, high = (f"'{edge:%Y-%m-%d}'" for edge in (resting.span.low, resting.span.high))
    check = f"CHECK ({column} IS NOT NULL AND {column} >= {low} AND {column} < {high})"
    if not _has_bounds(session, resting):
        session.under_lock(
            it, resting.qualified, "ACCESS EXCLUSIVE",
            lambda: session.run(
                f"ALTER TABLE {resting.qualified} ADD CONSTRAINT {BOUNDS} {check} NOT VALID"
            ),
        )  # fmt: skip
    session.run(f"ALTER TABLE {resting.qualified} VALIDATE CONSTRAINT {BOUNDS}")


def _has_bounds(session: Session, resting: Detached) -> bool:
    found = session.connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM pg_constraint"
            " WHERE conrelid = to_regclass(:leaf) AND conname = :name)"
        ),
        {"leaf": resting.qualified, "name": BOUNDS},
    )
    return bool(found.scalar_one())


def _add_indexes(session: Session, table: MonthTable, resting: Detached) -> None:
    """Build the parent's newer indexes; ATTACH would build them under its lock."""
    rows = session.connection.execute(
        text(sql.read("partitions/indexes_lacking.sql")),
        {"leaf": resting.qualified, "parent": table.qualified},
    )
    for row in rows.all():
        unique = "UNIQUE " if row.is_unique else ""
        session.run(f"CREATE {unique}INDEX ON {resting.qualified} USING {row.definition}")
