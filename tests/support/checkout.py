"""Where the checkout is, and the feeds' recorded responses beside it, which are not part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("MLB_PERF_TEST_SAMPLES") or ROOT.parent / "shared" / "data")
ODDS_API = SAMPLES / "oddsapi_mlb_2026_snapshots.jsonl.gz"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"{SAMPLES} is not there")
