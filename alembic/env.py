"""What Alembic runs for every command; the work is in mlb_perf.migrate.environment."""

from mlb_perf.migrate.environment import run

run()
