"""The PostgreSQL schema of an MLB betting-odds pipeline, kept fast and measured.

``from mlb_perf.models import EnhancedGame`` gives the tables,
``mlb-perf --help`` the commands.
"""

from __future__ import annotations

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version  # a tenth of the start of a command, which needs it not

    return version("mlb-perf")
