"""Rows in every table of the pipeline, at the baseline."""

from __future__ import annotations

from sqlalchemy import URL

from mlb_perf.dataset import generate

BASELINE = "0007"


def fill(url: URL) -> None:
    """A few games of each tier."""
    generate(url, scale=0.002, seed=1, staging_days=400)
