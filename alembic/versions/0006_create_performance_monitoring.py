"""create performance_monitoring

The state and history of the database: the tables that later revisions, the benchmark and the
maintenance write to.

Locks: the revision creates new tables only, so no session waits. Foreign keys take SHARE ROW
EXCLUSIVE on tables that this chain created.
Downgrade: drops the objects of this revision with their rows. It stops with SQLSTATE 2BP01 if
another user's objects depend on them.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

SCHEMA = "performance_monitoring"
COMMENT = "What the database did (mlb_perf)"

# In the order of their foreign keys.
TABLES = (
    "benchmark_runs",
    "index_history",
    "maintenance_jobs",
    "optimization_log",
    "partition_policies",
    "query_history",
    "rebuilds",
    "table_history",
    "benchmark_results",
    "maintenance_runs",
)


def upgrade() -> None:
    op.create_schema(SCHEMA, COMMENT)
    for table in TABLES:
        op.run_sql_file(f"baseline/{SCHEMA}/{table}.sql")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_schema(SCHEMA, COMMENT)
