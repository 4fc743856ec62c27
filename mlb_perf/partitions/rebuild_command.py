"""The commands that rebuild a table, apart from the rebuild itself: status names them."""

from __future__ import annotations

from typing import Literal

from mlb_perf.names import shell_word

Kind = Literal["repack", "unpart"]
"""Repack a table as it is, or make one table of its partitions; part of the name of the state."""

COMMANDS: dict[str, str] = {"repack": "rebuilds start", "unpart": "partitions undo"}


def command(revision: str, table: str) -> str | None:
    """The command that finishes a rebuild that a command began; None for one of a revision."""
    words = COMMANDS.get(revision.partition("_")[0])
    return f"mlb-perf {words} {shell_word(table)}" if words else None
