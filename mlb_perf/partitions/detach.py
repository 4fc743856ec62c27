"""Detach a partition into the graveyard, finish an interrupted detach, and drop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.errors import PartitionFailed
from mlb_perf.names import qualified, shell_word
from mlb_perf.online.journal import Step
from mlb_perf.online.locks import LOCK_NOT_AVAILABLE
from mlb_perf.partitions import catalog, detach_sql
from mlb_perf.partitions.detach_sql import graveyard
from mlb_perf.partitions.partition import Detached, MonthTable, Partition
from mlb_perf.partitions.session import Session

_FORMER = text(
    "SELECT obj_description(c.oid, 'pg_class') AS comment, ARRAY("
    " SELECT conname::text FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c' ORDER BY 1"
    ") AS checks FROM pg_class AS c WHERE c.oid = to_regclass(:leaf)"
)


def detach(session: Session, table: MonthTable, partition: Partition) -> None:
    """Move one partition to the graveyard; :func:`finish` continues after any phase.

    Raises :class:`~mlb_perf.errors.PartitionFailed`; a detach that had to wait
    too long stays pending, and the next command finishes it.
    """
    with session.step("detach_partition", partition.qualified) as it:
        _refuse_names_taken(session, table.schema, partition.qualified)
        session.under_lock(
            it, partition.qualified, "SHARE UPDATE EXCLUSIVE",
            lambda: choose(session, detach_sql.as_detached(table, partition)),
        )  # fmt: skip
        _go_on(session, it, _chosen(session, partition.qualified))


def finish(session: Session, chosen: Detached) -> None:
    """Continue where an earlier command was interrupted."""
    with session.step("finish_detach", chosen.qualified) as it:
        _go_on(session, it, chosen)


def drop(session: Session, resting: Detached) -> bool:
    """Drop a partition in the graveyard; False if it is on hold, or was restored meanwhile."""
    with session.step("drop_partition", resting.qualified) as it:
        dropped: list[bool] = []

        def work() -> None:
            now = _chosen(session, resting.qualified)
            if now.state == "resting" and not now.is_held:
                session.run(f"DROP TABLE {resting.qualified}")
                dropped.append(True)

        session.under_lock(it, resting.qualified, "ACCESS EXCLUSIVE", work)
    return bool(dropped)


def choose(session: Session, it: Detached) -> None:
    """Mark a partition as chosen, with its comment and CHECKs read again under the lock."""
    before = session.connection.execute(_FORMER, {"leaf": it.qualified}).one()
    now = replace(it, former_comment=before.comment, former_checks=tuple(before.checks))
    session.run(detach_sql.mark(now, None))


def _go_on(session: Session, it: Step, chosen: Detached) -> None:
    try:
        _detach(session, it, chosen)
    except DBAPIError as error:
        _explain(session, chosen, error)
        raise
    session.under_lock(it, chosen.qualified, "ACCESS EXCLUSIVE", lambda: _bury(session, chosen))


def _detach(session: Session, it: Step, chosen: Detached) -> None:
    statement = detach_sql.detach(chosen, at_once=_at_once(session, chosen))
    if statement is None:
        return
    if statement.endswith((" CONCURRENTLY", " FINALIZE")):
        with _waiting(session):
            session.run(statement)
    else:
        session.under_lock(it, chosen.parent, "ACCESS EXCLUSIVE", lambda: session.run(statement))


def _at_once(session: Session, chosen: Detached) -> bool:
    found = session.connection.execute(
        text(
            "SELECT partdefid <> 0 FROM pg_partitioned_table WHERE partrelid = to_regclass(:table)"
        ),
        {"table": chosen.parent},
    )
    return bool(found.scalar_one_or_none()) or catalog.is_distributed(
        session.connection, chosen.parent
    )


def _bury(session: Session, chosen: Detached) -> None:
    """In one transaction; its time in the graveyard starts here."""
    now = session.connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    has_graveyard = _exists(session, graveyard(chosen.parent_schema))
    for statement in detach_sql.bury(chosen, now, has_graveyard=has_graveyard):
        session.run(statement)


@contextmanager
def _waiting(session: Session) -> Iterator[None]:
    """DETACH CONCURRENTLY waits for transactions that use the table, and blocks no session.

    So it may wait for as long as the session's patience lasts.
    """
    before = session.connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
    session.run(f"SET lock_timeout = '{int(session.patience.total_seconds * 1000) or 1}ms'")
    try:
        yield
    finally:
        if not session.connection.closed and not session.connection.invalidated:
            session.run(f"SET lock_timeout = '{before}'")


def _explain(session: Session, chosen: Detached, error: DBAPIError) -> None:
    """After a lock timeout, name the holders; after another error, unmark an attached one."""
    if error.connection_invalidated or session.connection.closed:
        return
    if diagnosis.sqlstate(error) == LOCK_NOT_AVAILABLE:
        raise PartitionFailed(
            f"{chosen.qualified}: transactions that use {chosen.parent} did not end within "
            f"{session.patience.total_seconds:.0f} s: {_holders(session, chosen)}; end them, or "
            f"{session.patience.raised_by}, and finish it with: mlb-perf partitions detach "
            f"{shell_word(chosen.parent)}"
        ) from error
    if _chosen(session, chosen.qualified).state == "attached":
        session.run(detach_sql.unmark(chosen.qualified, chosen.former_comment))


def _holders(session: Session, chosen: Detached) -> str:
    rows = session.connection.execute(
        text(sql.read("online/holders.sql")), {"relations": [chosen.parent, chosen.qualified]}
    )
    named = [f"pid {r.pid} ({r.role_name}, {r.state}, {r.age}: {r.query})" for r in rows]
    return "; ".join(named) or "a session that has ended meanwhile"


def _chosen(session: Session, leaf: str) -> Detached:
    for it in catalog.read_detached(session.connection):
        if it.qualified == leaf:
            return it
    raise PartitionFailed(f"{leaf} no longer exists; mlb-perf partitions plan shows what is due")


def _refuse_names_taken(session: Session, schema: str, leaf: str) -> None:
    """Refuse before any change if the graveyard has a table or an index of the same name."""
    rows = session.connection.execute(
        text(sql.read("partitions/names_taken.sql")), {"leaf": leaf, "schema": graveyard(schema)}
    )
    if taken := [qualified(graveyard(schema), name) for name in rows.scalars()]:
        raise PartitionFailed(
            f"{leaf} cannot move to its graveyard: {', '.join(taken)} already exists; drop it or "
            "rename it, and run again"
        )


def _exists(session: Session, schema: str) -> bool:
    found = session.connection.execute(
        text("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = :schema)"), {"schema": schema}
    )
    return bool(found.scalar_one())
