"""insert reference rows

The league, its 30 teams and their venues, the sportsbooks, and the names that each feed uses for
them. Rows are matched by natural keys, so an adopted database keeps its rows and ids, and the
missing rows are added.

Locks: ROW EXCLUSIVE on six small tables; no session waits.
Downgrade: deletes the rows that no other row refers to. A team that has games stays, and the next
upgrade finds it.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

# Each file lists the rows; insert/ and remove/ say what is done with them.
FILES = (
    "leagues",
    "venues",
    "teams",
    "team_aliases",
    "sportsbooks",
    "sportsbook_aliases",
)


def upgrade() -> None:
    for name in FILES:
        op.run_sql_file(f"reference/{name}.sql", f"reference/insert/{name}.sql")


def downgrade() -> None:
    for name in reversed(FILES):
        op.run_sql_file(f"reference/{name}.sql", f"reference/remove/{name}.sql")
