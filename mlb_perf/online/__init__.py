"""Changes of a live database for any Alembic project: locks, indexes, rebuilds, routines."""
