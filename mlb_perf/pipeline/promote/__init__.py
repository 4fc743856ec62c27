"""raw_data to staging to curated: set-based, in batches, by several workers at once."""

from mlb_perf.pipeline.promote.curate import Thresholds
from mlb_perf.pipeline.promote.run import PromoteReport, promote, queue_games, retry_rejected

__all__ = ["PromoteReport", "Thresholds", "promote", "queue_games", "retry_rejected"]
