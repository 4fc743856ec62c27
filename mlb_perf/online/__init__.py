"""Changes of a live database for any Alembic project: locks, indexes, rebuilds, routines.

docs/online.md describes it as a library.
"""

from importlib import import_module

from mlb_perf.online.environment import options
from mlb_perf.online.journal import Journal
from mlb_perf.online.locks import Patience, lock_ladder
from mlb_perf.online.partitions import Hash, Monthly

__all__ = ["Hash", "Journal", "Monthly", "Patience", "lock_ladder", "options", "register"]

_OPERATIONS = ("index", "journal_tables", "rebuild_table")


def register() -> None:
    """Register the operations, so that ``op.rebuild_table`` and the others exist."""
    for module in _OPERATIONS:
        import_module(f"{__name__}.{module}")
