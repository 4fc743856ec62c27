"""How long a piece of work takes."""

from __future__ import annotations

import time
from collections.abc import Callable


def ms_of(work: Callable[[], object]) -> float:
    """Milliseconds of one call; one that raises has none."""
    begun = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begun) / 1e6
