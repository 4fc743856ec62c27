"""A connection on which the caller has begun a transaction before it gave it to Alembic.

Everything belongs to that transaction then, and Alembic commits nothing. No step can be online: an
index is built under SHARE, and a table is rebuilt under ACCESS EXCLUSIVE, until the caller commits.
"""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection


def is_given(context: MigrationContext) -> bool:
    """Whether the steps run in a transaction of the caller."""
    return not context.as_sql and context._in_external_transaction


def given(context: MigrationContext) -> Connection:
    """The connection with that transaction."""
    assert context.connection is not None
    return context.connection
