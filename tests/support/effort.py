"""How often tests try random input: ``MLB_PERF_TEST_EFFORT=10`` for ten times as often.

The usual run has time for few tries; a long one, before a release, finds more.
"""

from __future__ import annotations

import os

from hypothesis import settings

EFFORT = int(os.environ.get("MLB_PERF_TEST_EFFORT", "1"))

# A machine under load is slow at moments: a slow example is not a fault.
settings.register_profile("tests", max_examples=100 * EFFORT, deadline=None)
settings.load_profile("tests")


def tries(usual: int) -> int:
    """The number of examples, kills or rounds of a test that usually has time for ``usual``."""
    return usual * EFFORT
