"""The role that a migration acts as: the group of those who migrate, if its login is a member.

Objects belong to the role that makes them: those of one login would be out of reach of the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.engine import driver, in_callers_transaction
from mlb_perf.schemas import MIGRATE_ROLE

_SET_ROLE = text("SELECT set_config('role', :name, :is_local)")


@contextmanager
def as_owner(connection: Connection) -> Iterator[None]:
    """Act as the group for the block, if it owns the schemas, or may create them.

    In a transaction of the caller, for that transaction only.
    """
    is_local = in_callers_transaction(connection)
    query = text(sql.read("catalog/acting_role.sql"))
    before = connection.execute(query, {"group": MIGRATE_ROLE}).scalar()
    _set(connection, MIGRATE_ROLE if before else None, is_local=is_local)
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            _give_back(connection, before, is_local=is_local)


def _give_back(connection: Connection, before: str | None, *, is_local: bool) -> None:
    if not is_local:
        connection.rollback()
    # The rollback of a failed transaction does the same.
    if driver(connection).info.transaction_status != TRANSACTION_STATUS_INERROR:
        _set(connection, before, is_local=is_local)


def _set(connection: Connection, role: str | None, *, is_local: bool) -> None:
    if role is not None:
        connection.execute(_SET_ROLE, {"name": role, "is_local": is_local})
    if not is_local:
        connection.commit()
