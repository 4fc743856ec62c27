"""A few invented days of The Odds API and of MLB StatsAPI's schedule, made by ``make.py``."""

from __future__ import annotations

from pathlib import Path

ODDS = Path(__file__).parent / "odds_api.jsonl.gz"
SCHEDULE = Path(__file__).parent / "mlb_stats_api.jsonl.gz"
