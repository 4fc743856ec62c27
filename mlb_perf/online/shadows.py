"""The schema of the shadows, and messages that name the table in their place."""

from __future__ import annotations

import re

from mlb_perf.names import IDENTIFIER

SHADOWS = "mlb_perf_rebuild"
"""The schema in which tables of the new shape wait for the swap; successors of views have others,
whose names begin with it."""

_IN_SHADOWS = re.compile(rf'"{SHADOWS}_[^"]*"\.|\b{SHADOWS}(?:_\w+)?\.')
_IN_SCHEMA = re.compile(rf"{IDENTIFIER}\.")


def with_live_names(words: str, table: str) -> str:
    """``words`` of a message about the rebuild of ``table``, a name as SQL writes it."""
    schema = _IN_SCHEMA.match(table)
    return _IN_SHADOWS.sub(schema[0], words) if schema else words
