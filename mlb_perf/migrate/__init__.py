"""What Alembic lacks: the environment, its guards, and the operations of the revisions.

Importing the package registers the operations, so that ``op.create_schema``
and the others exist wherever a revision runs.
"""

from mlb_perf.migrate import indexes, operations, routines
from mlb_perf.migrate.rebuild import operation as rebuild

__all__ = ["indexes", "operations", "rebuild", "routines"]
