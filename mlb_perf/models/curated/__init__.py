"""``curated``: one truth of games, lines, splits, movements and features.

Facts are keyed by ``game_id`` and carry the ``game_date`` of the game, so that a
day or a season is a range of an index. The small tables (leagues, teams, venues,
sportsbooks, mappings) are in :mod:`~mlb_perf.models.curated.reference`.
"""

from mlb_perf.models.curated.features import MlFeatures, MlMarketAnalysis
from mlb_perf.models.curated.games import EnhancedGame, GameIdMapping
from mlb_perf.models.curated.lines import BettingLineUnified, LineMovement
from mlb_perf.models.curated.market import ArbitrageOpportunity, UnifiedBettingSplit
from mlb_perf.models.curated.reference import League, Sportsbook, Team, Venue

__all__ = [
    "ArbitrageOpportunity",
    "BettingLineUnified",
    "EnhancedGame",
    "GameIdMapping",
    "League",
    "LineMovement",
    "MlFeatures",
    "MlMarketAnalysis",
    "Sportsbook",
    "Team",
    "UnifiedBettingSplit",
    "Venue",
]
