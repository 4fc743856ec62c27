"""A data set as the feeds make it, in all tiers: ``generate(engine, scale=0.1, seed=1)``."""

from mlb_perf.dataset.run import DatasetReport, generate

__all__ = ["DatasetReport", "generate"]
