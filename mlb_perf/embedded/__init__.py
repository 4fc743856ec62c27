"""The PostgreSQL that serves when no URL is given: found, made, started, stopped.

``EmbeddedServer().start()`` gives a running server, ``.url()`` its address.
Linux and macOS; elsewhere :class:`EmbeddedServer` raises
:class:`~mlb_perf.errors.ConfigurationError`.
"""

from mlb_perf.embedded.binaries import Binaries, find_binaries
from mlb_perf.embedded.server import EmbeddedServer
from mlb_perf.embedded.values import ServerStatus, Started

__all__ = ["Binaries", "EmbeddedServer", "ServerStatus", "Started", "find_binaries"]
