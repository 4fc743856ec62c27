"""insert reference rows

The league, its 30 teams and their venues, the sportsbooks, and what each feed
calls them. Rows are matched by natural keys, so an adopted database keeps the
rows and the ids that it has, and gains those that it lacks.

Locks: ROW EXCLUSIVE on six small tables; nobody waits.
Downgrade: deletes these rows where nothing refers to them; a team that has
games stays, and the next upgrade finds it there.
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
