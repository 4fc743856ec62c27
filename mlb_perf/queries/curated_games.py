"""Questions about ``curated``: games, their features, and the public's bets."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import Connection

from mlb_perf.queries.query import query
from mlb_perf.queries.sampling import before, event, hot, of_day, of_season, pick

_PKS = """
    SELECT game_pk FROM curated.enhanced_games
    WHERE game_pk IS NOT NULL ORDER BY game_date DESC, game_pk
"""
FEATURE_SET: Final = "market_v1"


def _of_source(connection: Connection, random: Random) -> dict[str, Any]:
    found = event(connection, random)
    return {"source": found.source, "external_game_id": found.external_game_id}


def _of_game(connection: Connection, random: Random) -> dict[str, Any]:
    return {"game_id": event(connection, random).game_id}


def _of_pk(connection: Connection, random: Random) -> dict[str, Any]:
    return {"game_pk": pick(connection, random, _PKS, hot).game_pk}


def _of_team(connection: Connection, random: Random) -> dict[str, Any]:
    found = event(connection, random)
    return {"team_id": found.home_team_id, "to_date": found.game_date}


def _of_ready(connection: Connection, random: Random) -> dict[str, Any]:
    season = event(connection, random).season
    return {"season": season, "least_quality": random.choice((0.7, 0.8, 0.9))}


def _splits_by(connection: Connection, random: Random) -> dict[str, Any]:
    found = event(connection, random)
    return {
        "game_id": found.game_id,
        "game_date": found.game_date,
        "market_type": random.choice(("moneyline", "spread", "total")),
        "moment": before(random, found.start_at),
    }


def features_of_season(connection: Connection, random: Random) -> dict[str, Any]:
    """``feature_set``, and a season as ``from_date`` and ``to_date`` (exclusive)."""
    given = of_season(connection, random)
    return {key: given[key] for key in ("from_date", "to_date")} | {"feature_set": FEATURE_SET}


def _features_by(connection: Connection, random: Random) -> dict[str, Any]:
    found = event(connection, random)
    return {
        "game_id": found.game_id,
        "game_date": found.game_date,
        "feature_set": FEATURE_SET,
        "moment": found.start_at,
    }


_query = partial(query, "curated_analytics")

QUERIES: Final = (
    _query(
        "games_of_day",
        "Which games are played on this day?",
        of_day,
        "curated.ix_enhanced_games_game_date",
        lookup=True,
    ),
    _query(
        "ml_ready_games",
        "Which games of this season are ready for training, with a minimum quality, newest first?",
        _of_ready,
        "curated.ix_enhanced_games_game_date",
    ),
    _query(
        "recent_games_of_team",
        "What were this team's last ten games?",
        _of_team,
        "curated.ix_enhanced_games_home_team",
        "curated.ix_enhanced_games_away_team",
        lookup=True,
    ),
    _query(
        "game_of_source",
        "Which game does this source mean by this id?",
        _of_source,
        "curated.pk_game_id_mappings",
        "curated.pk_enhanced_games",
        lookup=True,
    ),
    _query(
        "game_of_pk",
        "Which game has this MLB StatsAPI id?",
        _of_pk,
        "curated.ix_enhanced_games_game_pk",
        lookup=True,
    ),
    _query(
        "ids_of_game",
        "Which ids do the sources use for this game?",
        _of_game,
        "curated.ix_game_id_mappings_game_id",
        lookup=True,
    ),
    _query(
        "sharp_action",
        "On which sides did the money differ from the bets on this day?",
        of_day,
        "curated.ix_unified_betting_splits_sharp",
    ),
    _query(
        "splits_as_of",
        "How were bets and money split in this market of this game at that moment?",
        _splits_by,
        "curated.pk_unified_betting_splits",
        lookup=True,
    ),
    _query(
        "features_of_season",
        "What are the features of all games of this season?",
        features_of_season,
    ),
    _query(
        "features_as_of",
        "What were this game's newest features at that moment?",
        _features_by,
        "curated.pk_ml_features",
        lookup=True,
    ),
)
