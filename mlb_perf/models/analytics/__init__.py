"""``analytics``: predictions and signals from the curated data, and their results."""

from mlb_perf.models.analytics.backtests import BacktestBet, BacktestRun
from mlb_perf.models.analytics.predictions import MlExperiment, MlModelPerformance, MlPrediction
from mlb_perf.models.analytics.strategies import (
    BettingRecommendation,
    StrategyResult,
    StrategySignal,
)

__all__ = [
    "BacktestBet",
    "BacktestRun",
    "BettingRecommendation",
    "MlExperiment",
    "MlModelPerformance",
    "MlPrediction",
    "StrategyResult",
    "StrategySignal",
]
