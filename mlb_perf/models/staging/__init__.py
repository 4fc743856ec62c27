"""``staging``: one normalised row per line, split or game, with lineage and quality.

Facts are keyed by ``external_game_id``, the source's own id of a game; the
alias tables map a source's names of teams and sportsbooks to ours.
"""

from mlb_perf.models.staging.aliases import SportsbookAlias, TeamAlias
from mlb_perf.models.staging.games import StagingGame
from mlb_perf.models.staging.market import BettingOddsUnified, BettingSplit
from mlb_perf.models.staging.queues import (
    ClosingQueue,
    CompactedGame,
    CurationQueue,
    RejectedRecord,
)

__all__ = [
    "BettingOddsUnified",
    "BettingSplit",
    "ClosingQueue",
    "CompactedGame",
    "CurationQueue",
    "RejectedRecord",
    "SportsbookAlias",
    "StagingGame",
    "TeamAlias",
]
