"""create performance_monitoring

What the database did: the tables that later revisions, the benchmark and the
maintenance write to.

Locks: new tables only, so nobody waits; foreign keys take SHARE ROW EXCLUSIVE
on tables that this chain made.
The downgrade drops what this revision made, with its rows, and stops with
SQLSTATE 2BP01 where somebody else's objects depend on it.
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
