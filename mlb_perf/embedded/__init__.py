"""The PostgreSQL that every command uses if no URL is set: found, created, started, stopped.

``EmbeddedServer().start()`` starts it, ``.url()`` gives its address. It runs on Linux and macOS;
elsewhere :class:`EmbeddedServer` raises :class:`~mlb_perf.errors.ConfigurationError`.
"""

from mlb_perf.embedded.binaries import Binaries, find_binaries
from mlb_perf.embedded.server import EmbeddedServer, ServerStatus
from mlb_perf.embedded.startup import Started

__all__ = ["Binaries", "EmbeddedServer", "ServerStatus", "Started", "find_binaries"]
