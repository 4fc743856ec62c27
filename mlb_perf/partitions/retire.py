"""Out of the table and into the graveyard: detach, finish what was cut off, and drop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.errors import PartitionFailed
from mlb_perf.migrate.locks import LOCK_NOT_AVAILABLE
from mlb_perf.migrate.steps import Step
from mlb_perf.partitions import catalog, mark
from mlb_perf.partitions.names import qualified, quote
from mlb_perf.partitions.partition import Detached, MonthTable, Partition
from mlb_perf.partitions.plan import graveyard
from mlb_perf.partitions.session import Session

BOUNDS = "mlb_perf_bounds"
"""The CHECK that lets a partition be attached again without a scan."""


def detach(session: Session, table: MonthTable, partition: Partition) -> None:
    """Take one partition out and lay it to rest; each phase can be finished by :func:`finish`.

    Raises :class:`~mlb_perf.errors.PartitionFailed`; a detach that had to wait
    too long is left pending, and the next command ends it.
    """
    with session.step("detach_partition", partition.qualified) as it:
        _refuse_names_taken(session, table.schema, partition.qualified)
        session.under_lock(
            it, partition.qualified, "SHARE UPDATE EXCLUSIVE",
            lambda: mark.choose(session, table, partition),
        )  # fmt: skip
        _go_on(session, it, _chosen(session, partition.qualified))


def finish(session: Session, chosen: Detached) -> None:
    """Go on where an earlier command was cut off."""
    with session.step("finish_detach", chosen.qualified) as it:
        _go_on(session, it, chosen)


def drop(session: Session, resting: Detached) -> bool:
    """Drop what has rested long enough; False if it is held, or was restored meanwhile."""
    with session.step("drop_partition", resting.qualified) as it:
        dropped: list[bool] = []

        def work() -> None:
            now = _chosen(session, resting.qualified)
            if now.state == "resting" and not now.is_held:
                session.run(f"DROP TABLE {resting.qualified}")
                dropped.append(True)

        session.under_lock(it, resting.qualified, "ACCESS EXCLUSIVE", work)
    return bool(dropped)


def _go_on(session: Session, it: Step, chosen: Detached) -> None:
    detach = f"ALTER TABLE {chosen.parent} DETACH PARTITION {chosen.qualified}"
    if chosen.state == "pending":
        with _waiting(session, chosen):
            session.run(f"{detach} FINALIZE")
    elif chosen.state == "attached" and _has_default(session, chosen):
        session.under_lock(it, chosen.parent, "ACCESS EXCLUSIVE", lambda: session.run(detach))
    elif chosen.state == "attached":
        with _waiting(session, chosen):
            session.run(f"{detach} CONCURRENTLY")
    session.under_lock(it, chosen.qualified, "ACCESS EXCLUSIVE", lambda: _bury(session, chosen))


def _has_default(session: Session, chosen: Detached) -> bool:
    found = session.connection.execute(
        text(
            "SELECT partdefid <> 0 FROM pg_partitioned_table WHERE partrelid = to_regclass(:table)"
        ),
        {"table": chosen.parent},
    )
    return bool(found.scalar_one_or_none())


def _bury(session: Session, chosen: Detached) -> None:
    """In one transaction: the CHECK's name, the mark, the move."""
    schema = graveyard(chosen.parent_schema)
    for name in _new_checks(session, chosen)[:1]:
        session.run(f"ALTER TABLE {chosen.qualified} RENAME CONSTRAINT {quote(name)} TO {BOUNDS}")
    mark.now_resting(session, chosen)
    if not _exists(session, schema):
        session.run(f"CREATE SCHEMA {quote(schema)}")
    session.run(f"ALTER TABLE {chosen.qualified} SET SCHEMA {quote(schema)}")


def _new_checks(session: Session, chosen: Detached) -> list[str]:
    """What DETACH CONCURRENTLY added: a validated CHECK of the bounds, under a name of its own."""
    rows = session.connection.execute(
        text(
            "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(:leaf)"
            " AND contype = 'c' AND conname <> ALL (CAST(:known AS text[])) ORDER BY oid DESC"
        ),
        {"leaf": chosen.qualified, "known": list(chosen.former_checks)},
    )
    return [str(name) for name in rows.scalars()]


@contextmanager
def _waiting(session: Session, chosen: Detached) -> Iterator[None]:
    """DETACH CONCURRENTLY waits for transactions that use the table, and keeps nobody waiting.

    So it may wait as long as the session's patience lasts. What fails for
    another reason before it is pending is not wanted any more.
    """
    before = session.connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
    session.run(f"SET lock_timeout = '{int(session.patience.total_seconds * 1000) or 1}ms'")
    try:
        yield
    except DBAPIError as error:
        _explain(session, chosen, error)
        raise
    finally:
        if not session.connection.closed and not session.connection.invalidated:
            session.run(f"SET lock_timeout = '{before}'")


def _explain(session: Session, chosen: Detached, error: DBAPIError) -> None:
    if error.connection_invalidated or session.connection.closed:
        return
    if diagnosis.sqlstate(error) == LOCK_NOT_AVAILABLE:
        raise PartitionFailed(
            f"{chosen.qualified}: transactions that use {chosen.parent} did not end in "
            f"{session.patience.total_seconds:.0f} s: {_holders(session, chosen)}; end them, or "
            f"{session.patience.raised_by}, and finish it with: mlb-perf partitions detach "
            f"{chosen.parent}"
        ) from error
    if _chosen(session, chosen.qualified).state == "attached":
        mark.erase(session, chosen.qualified, chosen.former_comment)


def _holders(session: Session, chosen: Detached) -> str:
    rows = session.connection.execute(
        text(sql.read("migrate/holders.sql")), {"relations": [chosen.parent, chosen.qualified]}
    )
    named = [f"pid {r.pid} ({r.role_name}, {r.state}, {r.age}: {r.query})" for r in rows]
    return "; ".join(named) or "a session that has ended meanwhile"


def _chosen(session: Session, leaf: str) -> Detached:
    for it in catalog.read_detached(session.connection):
        if it.qualified == leaf:
            return it
    raise PartitionFailed(f"{leaf} is not there any more; see what is: mlb-perf partitions plan")


def _refuse_names_taken(session: Session, schema: str, leaf: str) -> None:
    """Before anything is done: a table or an index of the same name rests there already."""
    rows = session.connection.execute(
        text(sql.read("partitions/names_taken.sql")), {"leaf": leaf, "schema": graveyard(schema)}
    )
    if taken := [qualified(graveyard(schema), name) for name in rows.scalars()]:
        raise PartitionFailed(
            f"{leaf} cannot go to its graveyard: {', '.join(taken)} is there already; drop it or "
            "rename it, and run again"
        )


def _exists(session: Session, schema: str) -> bool:
    found = session.connection.execute(
        text("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = :schema)"), {"schema": schema}
    )
    return bool(found.scalar_one())
