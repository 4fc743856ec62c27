"""The database, role and revision of a report; and the check that the monitoring schema exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.diagnosis import sqlstate
from mlb_perf.engine import connect, migration_engine, safe
from mlb_perf.errors import MonitoringUnavailable
from mlb_perf.migrate.config import head_revisions
from mlb_perf.migrate.position import Position, position
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.names import qualified

INSUFFICIENT_PRIVILEGE = "42501"
_SCHEMA = "performance_monitoring"

# A probe that meets a lock, such as that of a table swap, gives up soon, so that it does not
# join the queue. Probes only read.
_SETTINGS = {
    "application_name": "mlb_perf status",
    "default_transaction_read_only": "on",
    "jit": "off",  # compiling a probe takes longer than running it
    "lock_timeout": "250ms",
    "statement_timeout": "20s",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Facts:
    """The database as a whole; ``revision`` is None if this role cannot read it.

    ``remedy``: what brings it to the newest revision, None if it is there.
    ``data_directory`` is None if the server is on another machine, or the role cannot see it.
    ``tablespaces``: the directories of those outside of it.
    ``missing``: views that a later revision creates. ``has_citus``: whether the extension is there.
    """

    url: str
    database_name: str
    role_name: str
    server_version: str
    revision: str | None
    head: str
    taken_at: dt.datetime
    remedy: str | None = None
    data_directory: str | None = None
    tablespaces: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    has_citus: bool = False

    @property
    def major(self) -> int:
        """The major version of the server."""
        return int(self.server_version.split(".")[0])


@contextmanager
def probing(url: URL) -> Iterator[Connection]:
    """A connection for probes: autocommit, read only, with short timeouts.

    Raises :class:`~mlb_perf.errors.DatabaseUnreachable`, and
    :class:`~mlb_perf.errors.MonitoringUnavailable` for what the server refuses.
    """
    try:
        with connect(migration_engine(url, _SETTINGS)) as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
    except DBAPIError as error:
        advice = diagnosis.advice(sqlstate(error), {}, "fix the cause, and run again")
        raise MonitoringUnavailable(f"{diagnosis.said(error)}; {advice}") from error


def gather(connection: Connection, names: Iterable[str], late: Collection[str] = ()) -> Facts:
    """The facts, after a check that the views and functions of ``names`` exist, but for ``late``.

    Raises :class:`~mlb_perf.errors.MonitoringUnavailable`.
    """
    query = text(sql.read("monitor/server_info.sql"))
    row = connection.execute(query, {"names": [*names, *late]}).one()
    lacking = [name for name in row.missing if name not in late]
    url, head = safe(connection.engine.url), ", ".join(sorted(head_revisions()))
    found = _position(connection)
    revision = ", ".join(found.now) if found else None
    if not row.has_schema or lacking:
        raise MonitoringUnavailable(_absent(url, found, head, lacking))
    if not row.has_usage:
        role = qualified(row.role_name)
        raise MonitoringUnavailable(
            f"{url}: role {row.role_name} may not use the schema {_SCHEMA}; its owner grants it: "
            f"GRANT USAGE ON SCHEMA {_SCHEMA} TO {role}, and a superuser grants: "
            f"GRANT pg_monitor TO {role}"
        )
    return Facts(
        url, row.database_name, row.role_name, row.server_version.split()[0], revision, head,
        row.taken_at, found.remedy if found else None, row.data_directory,
        tuple(row.tablespaces), tuple(row.missing), row.has_citus,
    )  # fmt: skip


def revision_finding(facts: Facts) -> Finding:
    """Whether the schema is at the newest revision of the package."""
    if facts.revision is None:
        return Finding(
            Severity.OK, "revision", "schema",
            f"not readable for role {facts.role_name}; the package is at {facts.head}",
        )  # fmt: skip
    if facts.remedy is None:
        return Finding(Severity.OK, "revision", "schema", f"{facts.head}, the newest")
    return Finding(
        Severity.WARNING, "revision", "schema",
        f"at {facts.revision or 'none'}; the package is at {facts.head}",
        remedy=facts.remedy,
    )  # fmt: skip


def _position(connection: Connection) -> Position | None:
    try:
        return position(connection)
    except DBAPIError as error:
        if sqlstate(error) != INSUFFICIENT_PRIVILEGE:
            raise
        return None


def _absent(url: str, found: Position | None, head: str, missing: list[str]) -> str:
    now = ", ".join(found.now) if found else ""
    at = f"is at revision {now}" if now else "has no revision of mlb_perf"
    lacks = f"{_SCHEMA}.{missing[0]}" if missing else f"the schema {_SCHEMA}"
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    remedy = found.remedy if found else None
    return (
        f"{url} {at} and lacks {lacks}{more}; run: {remedy} (the package is at {head})"
        if remedy
        else f"{url} {at} and lacks {lacks}{more}, which that revision creates; restore it from a "
        "backup, or grant this role USAGE on its schema"
    )
