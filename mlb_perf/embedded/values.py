"""What the embedded server's operations answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Started:
    """What one call of ``start`` did; all False when the server ran already and nothing lacked.

    ``created``: the cluster was made. ``started``: the server was started.
    ``restarted``: it ran and had to be stopped first, ``reason`` says why.
    ``tcp_port``: the port on 127.0.0.1, None when it listens on its socket only.
    """

    created: bool
    started: bool
    restarted: bool
    tcp_port: int | None
    reason: str = ""


@dataclass(frozen=True)
class ServerStatus:
    """The server as found; the fields of a server that does not run are None.

    ``version``: of the running server, else of the binaries that would start it.
    ``statement_statistics``: whether pg_stat_statements is preloaded, or would be.
    ``started_at``: UTC. ``tcp_port``: on 127.0.0.1, None without TCP.
    """

    running: bool
    created: bool
    pid: int | None
    version: str | None
    started_at: datetime | None
    home: Path
    data_directory: Path
    socket_directory: Path
    tcp_port: int | None
    log_file: Path
    statement_statistics: bool | None
    binaries: Path | None
