"""``analytics``: what models and strategies say of the curated data, and how it turned out."""

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
