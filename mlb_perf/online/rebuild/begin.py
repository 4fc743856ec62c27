"""Before a rebuild begins: a journal, the table of the old shape, and no other session."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.errors import ConfigurationError, ForeignObjects, MigrationFailed, MlbPerfError
from mlb_perf.formatting import printable
from mlb_perf.online.distributed import refuse_distributed
from mlb_perf.online.rebuild import state
from mlb_perf.online.rebuild.dependents import views
from mlb_perf.online.rebuild.target import Rebuild, exists

log = logging.getLogger("alembic.mlb_perf")

_POLL_SECONDS = 0.5

_REFUSED = frozenset({"0A", "22", "2B", "42"})
"""Classes of SQLSTATE: not supported, a wrong value, still needed, a name or a type is wrong."""


def require_journal(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.ConfigurationError` if the progress cannot be kept."""
    journal, live = rebuild.step.journal, rebuild.target.live
    if journal is None:
        raise ConfigurationError(
            f"the rebuild of {live} keeps its progress in a journal, and the environment names "
            "none; give context.configure the options **online.options(journal=Journal(schema=...))"
        )
    if not state.has_states(rebuild.connection, journal):
        raise ConfigurationError(
            f"the rebuild of {live} keeps its progress in {journal.rebuilds}, which does not "
            f"exist; create it in an earlier revision: op.create_journal({journal.schema!r})"
        )


def refuse_other_table(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.MigrationFailed` if there is no table of the old shape."""
    target = rebuild.target
    refuse_distributed(rebuild.connection, [target.live], "a rebuild")
    found = rebuild.connection.execute(
        text(sql.read("online/rebuild/kind.sql")), {"table": target.live}
    ).one_or_none()
    if found is None:
        raise MigrationFailed(f"{target.live} does not exist, or is not a table")
    expected = target.was.partitions.clause if target.was.partitions else "no partitions"
    if target.was.is_declared and (found.partitions or "no partitions") != expected:
        raise MigrationFailed(
            f"{target.live} has {found.partitions or 'no partitions'}, where its old shape says "
            f"{expected}; nothing was changed. Correct the operation (was, was_partitions)"
        )
    if found.refused is not None:
        raise MigrationFailed(
            f"{target.live} {found.refused}, which a rebuild cannot keep; nothing was changed"
        )


@contextmanager
def refused_by_shape(rebuild: Rebuild) -> Iterator[None]:
    """An object that the new shape cannot have is named before anything is changed."""
    try:
        yield
    except DBAPIError as error:
        if (diagnosis.sqlstate(error) or "")[:2] not in _REFUSED:
            raise
        raise ForeignObjects(
            f"{rebuild.target.live}: the new shape, or an object of the table on it, cannot be "
            f"created ({diagnosis.said(error)}); nothing was changed. Change or drop that object, "
            "or correct the shape, and run again"
        ) from error


@contextmanager
def named_by_table(rebuild: Rebuild) -> Iterator[None]:
    """An error names the table: its shadow is not the user's."""
    shown = rebuild.step.shown
    try:
        yield
    except MlbPerfError as error:
        error.args = (shown(str(error)),)
        raise
    except DBAPIError as error:
        said = diagnosis.said(error)
        if shown(said) == said:
            raise
        raise MigrationFailed(
            f"{rebuild.target.live}: {shown(said)}, in the copy of the rebuild; the table is as it "
            f"was. Run again; if it stays, {_start_over(rebuild)}"
        ) from error


def require_copy(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.MigrationFailed` if the copy of an earlier run is gone."""
    if not exists(rebuild, rebuild.target.shadow):
        raise MigrationFailed(
            f"{rebuild.target.live}: the copy of its rebuild was dropped, and writers fail at its "
            f"triggers; the rows are as they were. To continue, {_start_over(rebuild)}"
        )


def refuse_moved(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.MigrationFailed` if the copy is in another tablespace.

    To move it would keep writers out for as long as its rows take.
    """
    live, shadow = rebuild.target.live, rebuild.target.shadow
    if views.to_give(rebuild, "tablespaces", live, shadow):
        raise MigrationFailed(
            f"{live}: the tablespace of the table or of an index has changed during its rebuild; "
            f"the table is as it was. Change it back and run again, or {_start_over(rebuild)}"
        )


def _start_over(rebuild: Rebuild) -> str:
    return f"copy from the start: {'; '.join(state.start_over(rebuild.journal))}"


@contextmanager
def one_session(rebuild: Rebuild) -> Iterator[None]:
    """One session at a time rebuilds a table; another waits as long as for a lock."""
    deadline = time.monotonic() + rebuild.patience.total_seconds
    query = text(sql.read("online/rebuild/lock_rebuild.sql"))
    given = {"table": rebuild.target.live}
    while not (found := rebuild.connection.execute(query, given).one()).is_ours:
        if time.monotonic() >= deadline:
            raise MigrationFailed(
                f"{rebuild.target.live} is being rebuilt by pid {found.pid} of "
                f"{printable(found.role_name)}; wait for it, or "
                f"end it (SELECT pg_terminate_backend({found.pid})), and run again"
            )
        log.info("%s: waiting for the rebuild of pid %s", rebuild.target.live, found.pid)
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        # A connection that is lost took the lock with it.
        if not rebuild.connection.closed and not rebuild.connection.invalidated:
            rebuild.connection.execute(
                text("SELECT pg_advisory_unlock(hashtextextended('mlb_perf ' || :table, 0))"), given
            )
