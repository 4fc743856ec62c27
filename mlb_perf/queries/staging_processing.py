"""Questions about ``staging``: the normalised rows, and the rejected records."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import Connection

from mlb_perf.queries.query import query
from mlb_perf.queries.sampling import (
    DAY,
    HOUR,
    before,
    event,
    event_with,
    hot,
    nothing,
    of_days,
    pick,
    window,
)

_MARKETS = """
    SELECT DISTINCT external_game_id, source, sportsbook_key, market_type
    FROM staging.betting_odds_unified
    WHERE external_game_id = :external ORDER BY 1, 2, 3, 4
"""
_REASONS = """
    SELECT reason_code, count(*) AS standing FROM staging.rejected_records
    WHERE resolved_at IS NULL GROUP BY reason_code ORDER BY standing DESC, reason_code
"""

_REJECTED = """
    SELECT external_game_id, collected_at FROM staging.rejected_records
    WHERE record ->> 'sha256' IS NULL ORDER BY rejection_id
"""
_MALFORMED = """
    SELECT external_game_id, record ->> 'sha256' AS sha256 FROM staging.rejected_records
    WHERE record ->> 'sha256' IS NOT NULL ORDER BY rejection_id
"""


def _of_market(connection: Connection, random: Random) -> dict[str, Any]:
    _, found = event_with(connection, random, _MARKETS)
    return dict(found._mapping)


def _last_hour(connection: Connection, random: Random) -> dict[str, Any]:
    found = event(connection, random)
    until = before(random, found.start_at)
    market = random.choice(("moneyline", "spread", "total"))
    return {"source": found.source, "market_type": market, "since": until - HOUR, "until": until}


def _of_game(connection: Connection, random: Random) -> dict[str, Any]:
    return {"game_id": event(connection, random).game_id}


def _of_quality(connection: Connection, random: Random) -> dict[str, Any]:
    return of_days(7)(connection, random) | {"least_quality": random.choice((0.7, 0.8, 0.9))}


def _of_reason(connection: Connection, random: Random) -> dict[str, Any]:
    return {"reason_code": pick(connection, random, _REASONS, hot).reason_code}


def _of_snapshot(connection: Connection, random: Random) -> dict[str, Any]:
    return dict(pick(connection, random, _REJECTED)._mapping)


def _of_record(connection: Connection, random: Random) -> dict[str, Any]:
    return dict(pick(connection, random, _MALFORMED)._mapping)


_query = partial(query, "staging_processing")

QUERIES: Final = (
    _query(
        "valid_lines",
        "Which valid lines came from this source in this market in the last hour?",
        _last_hour,
        "staging.ix_betting_odds_unified_valid",
    ),
    _query(
        "suspect_lines",
        "Which lines of the last day are suspect?",
        window(DAY),
        "staging.ix_betting_odds_unified_suspect",
    ),
    _query(
        "quotes_of_market",
        "What did this book quote in this market of this game, in order?",
        _of_market,
        "staging.pk_betting_odds_unified",
    ),
    _query(
        "quotes_of_game",
        "What are all quotes of this game, from which its lines are computed?",
        _of_game,
        "staging.ix_betting_odds_unified_game_id",
    ),
    _query(
        "splits_of_game",
        "What are all splits of this game?",
        _of_game,
        "staging.ix_betting_splits_game_id",
    ),
    _query(
        "games_of_quality",
        "Which game descriptions of the last week have at least this quality?",
        _of_quality,
        "staging.ix_games_game_date",
    ),
    _query(
        "unresolved_games",
        "Which games could not be matched yet?",
        nothing,
        "staging.ix_games_game_id",
    ),
    _query(
        "descriptions_of_game",
        "How does each source describe this game?",
        _of_game,
        "staging.ix_games_game_id",
        lookup=True,
    ),
    _query(
        "rejected_for_reason",
        "Which records were last rejected for this reason?",
        _of_reason,
        "staging.ix_rejected_records_standing",
        lookup=True,
    ),
    _query(
        "rejections_of_snapshot",
        "What was rejected of what this source said of its game at that moment, and why?",
        _of_snapshot,
        "staging.ix_rejected_records_snapshot",
        lookup=True,
    ),
    _query(
        "malformed_kept",
        "Was this malformed record kept already, and what of?",
        _of_record,
        "staging.ix_rejected_records_malformed",
        lookup=True,
    ),
    _query(
        "rejections_by_reason",
        "How many rejections are unresolved, by source and reason?",
        nothing,
        "staging.ix_rejected_records_standing",
    ),
    _query(
        "curation_queue",
        "Which games have waited longest for curation?",
        nothing,
        lookup=True,
    ),
)
