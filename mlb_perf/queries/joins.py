"""Questions that join games with lines, predictions, splits and bets."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import Connection

from mlb_perf.queries.curated_games import features_of_season
from mlb_perf.queries.query import query
from mlb_perf.queries.sampling import (
    DAY,
    before,
    event,
    event_with,
    hot,
    nothing,
    of_day,
    of_days,
    pick,
)

_EXPERIMENTS = """
    SELECT DISTINCT experiment_id FROM analytics.ml_predictions
    WHERE market_type = 'moneyline' ORDER BY experiment_id DESC
"""
_BACKTESTS = """
    SELECT backtest_id, from_date, to_date FROM analytics.backtest_runs ORDER BY backtest_id DESC
"""
_STRATEGIES = "SELECT DISTINCT strategy FROM analytics.strategy_signals ORDER BY strategy"
_BOOKS = """
    SELECT DISTINCT sportsbook_id, source FROM curated.betting_lines_unified
    WHERE game_id = :game AND game_date = :date ORDER BY 1, 2
"""


def _board(connection: Connection, random: Random) -> dict[str, Any]:
    found = event(connection, random)
    return {"game_date": found.game_date, "moment": before(random, found.start_at)}


def _month_of_market(connection: Connection, random: Random) -> dict[str, Any]:
    market = random.choice(("moneyline", "spread", "total"))
    return of_days(30)(connection, random) | {"market_type": market}


def _confident(connection: Connection, random: Random) -> dict[str, Any]:
    return of_day(connection, random) | {"least_confidence": random.choice((0.5, 0.6, 0.7))}


def _experiment(connection: Connection, random: Random) -> dict[str, Any]:
    return {"experiment_id": pick(connection, random, _EXPERIMENTS, hot).experiment_id}


def _profitable(connection: Connection, random: Random) -> dict[str, Any]:
    return of_day(connection, random) | {"least_profit": random.choice((0.5, 1, 2))}


def _sharp_at_book(connection: Connection, random: Random) -> dict[str, Any]:
    game, book = event_with(connection, random, _BOOKS, hot)
    return {"game_date": game.game_date, **book._mapping}


def _backtest(connection: Connection, random: Random) -> dict[str, Any]:
    return {"backtest_id": pick(connection, random, _BACKTESTS, hot).backtest_id}


def _backtest_span(connection: Connection, random: Random) -> dict[str, Any]:
    found = pick(connection, random, _BACKTESTS, hot)
    return {
        "backtest_id": found.backtest_id,
        "from_date": found.from_date,
        "to_date": found.to_date + DAY,
    }


def _strategy(connection: Connection, random: Random) -> dict[str, Any]:
    strategy = pick(connection, random, _STRATEGIES, hot).strategy
    return of_days(30)(connection, random) | {"strategy": strategy}


_query = partial(query, "joins")
_CLOSING: Final = "curated.ix_betting_lines_unified_closing"

QUERIES: Final = (
    _query(
        "board_of_day",
        "Which moneylines did all books offer for this day's games at that moment?",
        _board,
        "curated.ix_enhanced_games_game_date",
        "curated.pk_betting_lines_unified",
    ),
    _query(
        "opening_to_closing",
        "How far did each book's line of this market move from opening to close in this month?",
        _month_of_market,
        "curated.ix_betting_lines_unified_opening",
        _CLOSING,
    ),
    _query(
        "predictions_of_day",
        "Which predictions for this day have the highest confidence, and from which models?",
        _confident,
        "analytics.ix_ml_predictions_surest",
    ),
    _query(
        "evaluation_of_experiment",
        "How good were this experiment's predictions of moneylines?",
        _experiment,
        "analytics.ix_ml_predictions_experiment_id",
    ),
    _query(
        "arbitrage_with_games",
        "For which games of this day, and between which books, was there arbitrage?",
        _profitable,
        "curated.ix_arbitrage_opportunities_game_date",
    ),
    _query(
        "splits_with_lines",
        "What did this book offer for the sharp side at the time of the split, by this source?",
        _sharp_at_book,
        "curated.ix_unified_betting_splits_sharp",
        "curated.pk_betting_lines_unified",
    ),
    _query(
        "ungraded_bets",
        "Which bets of this backtest can be graded now?",
        _backtest,
        "analytics.ix_backtest_bets_ungraded",
    ),
    _query(
        "backtest_closing_value",
        "By how much did this backtest's bets beat the close?",
        _backtest_span,
        "analytics.ix_backtest_bets_backtest_id",
        _CLOSING,
    ),
    _query(
        "bankroll_of_backtest",
        "How did the bankroll of this backtest develop?",
        _backtest,
        "analytics.ix_backtest_bets_backtest_id",
    ),
    _query(
        "strategy_record",
        "What did this strategy earn in this month?",
        _strategy,
        "analytics.ix_strategy_signals_record",
    ),
    _query(
        "open_recommendations",
        "Which open recommendations have the highest expected value?",
        nothing,
        "analytics.ix_betting_recommendations_open",
        lookup=True,
    ),
    _query(
        "training_rows",
        "What are the features and results of this season's games?",
        features_of_season,
    ),
)
