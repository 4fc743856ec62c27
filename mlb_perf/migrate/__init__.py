"""The environment of Alembic's commands, its guards, and the operations of the revisions.

Importing the package registers the operations, so that ``op.create_schema``
and the others exist wherever a revision runs.
"""

from mlb_perf.migrate import operations
from mlb_perf.online import register, routines

__all__ = ["operations", "routines"]

register()
