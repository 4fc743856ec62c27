"""Where a table lies on a cluster of Citus (docs/scale-out.md): its ``info["citus"]``.

Rows of one game are on one node, so that a question about a game asks one node. Tables that every
question joins are whole on every node. A table that sessions of one node share stays local.
"""

from __future__ import annotations

from typing import Final

CITUS: Final = "citus"
"""The key of a table's ``info``."""

REFERENCE: Final = {CITUS: "reference"}
"""Whole on every node: small, and joined everywhere."""

BY_EXTERNAL_GAME: Final = {CITUS: "external_game_id"}
"""Spread by the source's own id of the game, which a row has before its game is known."""

BY_GAME: Final = {CITUS: "game_id"}
"""Spread by the game, next to all other facts about it."""

LOCAL: Final = {CITUS: "local"}
"""On the coordinator alone: queues, which sessions claim rows of, and logs."""
