"""Out of the table and into the graveyard: detach, finish what was cut off, and drop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.errors import PartitionFailed
from mlb_perf.names import qualified, shell_word
from mlb_perf.online.journal import Step
from mlb_perf.online.lock_ladder import LOCK_NOT_AVAILABLE
from mlb_perf.partitions import catalog, detach_comment, detach_sql
from mlb_perf.partitions.detach_sql import graveyard
from mlb_perf.partitions.partition import Detached, MonthTable, Partition
from mlb_perf.partitions.session import Session


def detach(session: Session, table: MonthTable, partition: Partition) -> None:
    """Take one partition out and lay it to rest; each phase can be finished by :func:`finish`.

    Raises :class:`~mlb_perf.errors.PartitionFailed`; a detach that had to wait
    too long is left pending, and the next command ends it.
    """
    with session.step("detach_partition", partition.qualified) as it:
        _refuse_names_taken(session, table.schema, partition.qualified)
        session.under_lock(
            it, partition.qualified, "SHARE UPDATE EXCLUSIVE",
            lambda: detach_comment.choose(session, detach_sql.as_leaving(table, partition)),
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
    try:
        _take_out(session, it, chosen)
    except DBAPIError as error:
        _explain(session, chosen, error)
        raise
    session.under_lock(it, chosen.qualified, "ACCESS EXCLUSIVE", lambda: _bury(session, chosen))


def _take_out(session: Session, it: Step, chosen: Detached) -> None:
    statement = detach_sql.taken_out(chosen, has_default=_has_default(session, chosen))
    if statement is None:
        return
    if statement.endswith((" CONCURRENTLY", " FINALIZE")):
        with _waiting(session):
            session.run(statement)
    else:
        session.under_lock(it, chosen.parent, "ACCESS EXCLUSIVE", lambda: session.run(statement))


def _has_default(session: Session, chosen: Detached) -> bool:
    found = session.connection.execute(
        text(
            "SELECT partdefid <> 0 FROM pg_partitioned_table WHERE partrelid = to_regclass(:table)"
        ),
        {"table": chosen.parent},
    )
    return bool(found.scalar_one_or_none())


def _bury(session: Session, chosen: Detached) -> None:
    """In one transaction; its time in the graveyard counts from here."""
    now = session.connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    has_graveyard = _exists(session, graveyard(chosen.parent_schema))
    for statement in detach_sql.laid_to_rest(chosen, now, has_graveyard=has_graveyard):
        session.run(statement)


@contextmanager
def _waiting(session: Session) -> Iterator[None]:
    """DETACH CONCURRENTLY waits for transactions that use the table, and keeps nobody waiting.

    So it may wait as long as the session's patience lasts.
    """
    before = session.connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
    session.run(f"SET lock_timeout = '{int(session.patience.total_seconds * 1000) or 1}ms'")
    try:
        yield
    finally:
        if not session.connection.closed and not session.connection.invalidated:
            session.run(f"SET lock_timeout = '{before}'")


def _explain(session: Session, chosen: Detached, error: DBAPIError) -> None:
    """Say who held it up; take the mark from what failed otherwise and is attached still."""
    if error.connection_invalidated or session.connection.closed:
        return
    if diagnosis.sqlstate(error) == LOCK_NOT_AVAILABLE:
        raise PartitionFailed(
            f"{chosen.qualified}: transactions that use {chosen.parent} did not end in "
            f"{session.patience.total_seconds:.0f} s: {_holders(session, chosen)}; end them, or "
            f"{session.patience.raised_by}, and finish it with: mlb-perf partitions detach "
            f"{shell_word(chosen.parent)}"
        ) from error
    if _chosen(session, chosen.qualified).state == "attached":
        detach_comment.erase(session, chosen.qualified, chosen.former_comment)


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
