"""What the sources that are CSV share."""

from __future__ import annotations

import json
from typing import Any

from mlb_perf.pipeline.read.checks import storable


def payload(value: Any) -> str:
    """JSON text of a row's strings, if a jsonb can hold them."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
