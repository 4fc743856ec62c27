"""What was measured on: processors, memory, system, server, its settings."""

from __future__ import annotations

import datetime as dt
import os
import platform
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.formatting import GB
from mlb_perf.migrate.config import head_revisions
from mlb_perf.system import memory_bytes, processors


def machine() -> dict[str, Any]:
    """The machine on which the benchmark itself runs: cores, bytes of memory, names.

    And the load average of the last minute: asked for before measuring, it shows other work.
    """
    return {
        "processors": processors(),
        "processor": _processor(),
        "memory_bytes": memory_bytes(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def in_words(where: dict[str, Any]) -> str:
    """The values of :func:`machine` in one line."""
    load = f", load average {where['load']:g} at the start" if "load" in where else ""
    return (
        f"{where['processors']} processors ({where['processor']}), "
        f"{where['memory_bytes'] / GB:.0f} GiB of memory, {where['system']}{load}"
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
    """The processor's own name where the system has it, else its architecture."""
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
