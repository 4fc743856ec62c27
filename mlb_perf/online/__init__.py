"""Changes of a live database for any Alembic project: locks, indexes, rebuilds, routines.

docs/online.md describes it as a library. The names are loaded when they are used: a command that
needs one room of this package does not wait for the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlb_perf.online.environment import options
    from mlb_perf.online.journal import Journal
    from mlb_perf.online.locks import Patience, lock_ladder
    from mlb_perf.online.partitions import Hash, Monthly

__all__ = ["Hash", "Journal", "Monthly", "Patience", "lock_ladder", "options", "register"]

_PLACES = {
    "Hash": "partitions",
    "Journal": "journal",
    "Monthly": "partitions",
    "Patience": "locks",
    "lock_ladder": "locks",
    "options": "environment",
}
_OPERATIONS = ("index", "journal_tables", "rebuild_table")


def register() -> None:
    """Register the operations, so that ``op.rebuild_table`` and the others exist."""
    for module in _OPERATIONS:
        import_module(f"{__name__}.{module}")


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
