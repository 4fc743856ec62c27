"""pack staging splits

The same as for the odds.

Locks: op.rebuild_table takes SHARE ROW EXCLUSIVE for a moment at the start and ACCESS EXCLUSIVE
for the swap, both with the lock ladder. The copy locks rows for some 50 ms per batch. Readers and
writers continue.
Downgrade: the same with the shapes exchanged. Rows written since the upgrade are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision: str | None = "0023"
branch_labels = None
depends_on = None

REBUILT = (("staging", "betting_splits"),)


def upgrade() -> None:
    for schema, table in REBUILT:
        name = f"{schema}/{table}.sql"
        op.rebuild_table(
            table, schema=schema, was=f"shapes/wide/{name}", to=f"shapes/packed/{name}"
        )


def downgrade() -> None:
    for schema, table in reversed(REBUILT):
        name = f"{schema}/{table}.sql"
        op.rebuild_table(
            table, schema=schema, was=f"shapes/packed/{name}", to=f"shapes/wide/{name}"
        )
