"""create operational

What the pipeline did, and how good its data was.

Locks: new tables only, so nobody waits; foreign keys take SHARE ROW EXCLUSIVE
on tables that this chain made.
The downgrade drops what this revision made, with its rows, and stops with
SQLSTATE 2BP01 where somebody else's objects depend on it.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

SCHEMA = "operational"
COMMENT = "What the pipeline did (mlb_perf)"

# In the order of their foreign keys.
TABLES = (
    "alert_configurations",
    "pipeline_execution_log",
    "system_health_checks",
    "alerts",
    "data_quality_metrics",
)


def upgrade() -> None:
    op.create_schema(SCHEMA, COMMENT)
    for table in TABLES:
        op.run_sql_file(f"baseline/{SCHEMA}/{table}.sql")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_schema(SCHEMA, COMMENT)
