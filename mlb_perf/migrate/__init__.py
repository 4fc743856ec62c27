"""The environment of Alembic's commands, its guards, and the operations of the revisions."""
