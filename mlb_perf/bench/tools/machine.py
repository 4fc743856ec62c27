"""What was measured on: processors, memory, system, server, its settings."""

from __future__ import annotations

import datetime as dt
import os
import platform
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.migrate.config import head_revisions
from mlb_perf.system import memory_bytes, processors


def machine() -> dict[str, Any]:
    """The machine on which the benchmark itself runs: cores, bytes of memory, names, and the load
    average of the last minute, which tells of other work if it is asked for before measuring."""
    return {
        "processors": processors(),
        "processor": _processor(),
        "memory_bytes": memory_bytes(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def in_words(told: dict[str, Any]) -> str:
    """What :func:`machine` told, in one line."""
    load = f", load average {told['load']:g} at the start" if "load" in told else ""
    return (
        f"{told['processors']} processors ({told['processor']}), "
        f"{told['memory_bytes'] / 2**30:.0f} GiB of memory, {told['system']}{load}"
    )


def measured_on(where: dict[str, Any], server: dict[str, Any], command: str) -> str:
    """The sentence that a measurement's figures begin with; ``where`` is of before it began."""
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, PostgreSQL {server['version']}, "
        f"revision {', '.join(head_revisions())}, {where['processors']} processors, load "
        f"average {where['load']:g} at the start, `{command}`"
    )


def server(connection: Connection) -> dict[str, Any]:
    """The server's version, and its settings that are not the defaults."""
    settings = connection.execute(text(sql.read("bench/settings.sql"))).all()
    version = connection.execute(text("SHOW server_version")).scalar_one()
    return {
        "version": str(version).split()[0],
        "settings": {row.name: row.value for row in settings},
    }


def _processor() -> str:
    """The processor's own name where the system tells it, else its architecture."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
