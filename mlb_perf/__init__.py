"""The PostgreSQL schema of an MLB betting-odds pipeline, kept fast and measured.

``from mlb_perf.models import EnhancedGame`` gives the tables,
``mlb-perf --help`` the commands.
"""

from importlib.metadata import version

__version__ = version("mlb-perf")

__all__ = ["__version__"]
