"""The columns that are written, by table; named, so that their order in the database is free."""

from __future__ import annotations

from collections import defaultdict

_RAW = ("payload", "origin", "ingested_at", "processed_at")
_BOOK = ("external_game_id", "sportsbook_key", "collected_at", *_RAW)
_STAGED = (
    "data_quality_score",
    "validation_status",
    "validation_errors",
    "created_at",
    "updated_at",
)
_PRICED = ("game_date", "market_type", "side", "line_value", "price")

# In this order, because of their foreign keys.
COLUMNS: dict[str, tuple[str, ...]] = {
    "raw_data.mlb_stats_api_games": ("external_game_id", "collected_at", *_RAW),
    "raw_data.action_network_games": ("external_game_id", "collected_at", *_RAW),
    "raw_data.game_results": ("external_game_id", "source", "collected_at", *_RAW),
    "raw_data.odds_api_odds": _BOOK,
    "raw_data.action_network_odds": _BOOK,
    "raw_data.action_network_history": _BOOK,
    "raw_data.sbd_splits": _BOOK,
    "raw_data.vsin_splits": (
        "external_game_id", "sportsbook_key", "market_type", "collected_at", *_RAW,
    ),
    "raw_data.line_history": (
        "external_game_id", "sportsbook_key", "market_type", "side", "line_key", "source",
        "collected_at", *_RAW,
    ),
    "staging.games": (
        "external_game_id", "staging_game_id", "source", "home_team_name", "away_team_name",
        "home_team_id", "away_team_id", "scheduled_start_at", "game_number", "status", "venue_name",
        "home_score", "away_score", "game_id", "game_date", "collected_at", *_STAGED,
    ),
    "staging.betting_odds_unified": (
        "external_game_id", "odds_id", "source", "sportsbook_key", "sportsbook_id", "market_type",
        "side", "line_value", "price", "decimal_price", "is_in_play", "game_id", "game_date",
        "quote_count", "collected_at", *_STAGED,
    ),
    "staging.compacted_games": ("game_id", "quotes", "deleted", "compacted_at"),
    "staging.betting_splits": (
        "external_game_id", "split_id", "source", "sportsbook_key", "sportsbook_id", "market_type",
        "line_value", "home_or_over_bets", "away_or_under_bets", "home_or_over_bets_percent",
        "away_or_under_bets_percent", "home_or_over_money_percent", "away_or_under_money_percent",
        "game_id", "game_date", "collected_at", *_STAGED,
    ),
    "staging.rejected_records": (
        "external_game_id", "rejection_id", "source", "raw_table", "sportsbook_key", "collected_at",
        "reason_code", "reason", "record", "origin", "rejected_at",
    ),
    "staging.curation_queue": ("game_id", "queued_at"),
    "curated.enhanced_games": (
        "game_id", "league_id", "season", "game_pk", "game_date", "game_number",
        "original_start_at", "scheduled_start_at", "venue_id", "home_team_id", "away_team_id",
        "status", "status_history", "home_score", "away_score", "data_quality_score", "is_ml_ready",
        "created_at", "updated_at",
    ),
    "curated.game_id_mappings": (
        "source", "external_game_id", "game_id", "league_id", "match_method", "confidence",
        "created_at", "updated_at",
    ),
    "curated.betting_lines_unified": (
        "game_id", "game_date", "line_id", "sportsbook_id", "source", "market_type", "side",
        "line_value", "price", "decimal_price", "implied_probability", "first_seen_at",
        "last_seen_at", "quote_count", "is_opening", "is_closing", "is_in_play",
        "data_quality_score", "created_at", "updated_at",
    ),
    "curated.unified_betting_splits": (
        "game_id", "game_date", "split_id", "sportsbook_id", "source", "market_type", "line_value",
        "collected_at", "home_or_over_bets", "away_or_under_bets", "home_or_over_bets_percent",
        "away_or_under_bets_percent", "home_or_over_money_percent", "away_or_under_money_percent",
        "sharp_side", "data_quality_score", "created_at", "updated_at",
    ),
    "curated.line_movements": (
        "game_id", "game_date", "movement_id", "sportsbook_id", "source", "market_type", "side",
        "moved_at", "line_before", "line_after", "price_before", "price_after",
        "probability_change", "books_moved", "bets_percent", "is_steam_move",
        "is_reverse_line_movement", "created_at",
    ),
    "curated.arbitrage_opportunities": (
        "game_id", "game_date", "opportunity_id", "market_type", "line_value",
        "first_sportsbook_id", "first_side", "first_price", "second_sportsbook_id", "second_side",
        "second_price", "profit_percent", "detected_at", "ended_at", "created_at",
    ),
    "curated.ml_features": (
        "game_id", "game_date", "feature_set", "as_of", "home_win_probability",
        "moneyline_dispersion", "run_line", "total_line", "probability_change",
        "home_bets_percent", "home_money_percent", "steam_moves", "book_count",
        "data_quality_score", "created_at", "updated_at",
    ),
    "curated.ml_market_analysis": (
        "game_id", "game_date", "market_type", "opening_line", "closing_line",
        "opening_probability", "closing_probability", "average_vig", "sharp_side", "book_count",
        "movement_count", "created_at", "updated_at",
    ),
    "analytics.ml_experiments": (
        "experiment_id", "name", "model_type", "feature_set", "trained_from", "trained_to",
        "parameters", "metrics", "status", "started_at", "finished_at", "created_at", "updated_at",
    ),
    "analytics.ml_predictions": (
        "game_id", "prediction_id", "experiment_id", "as_of", "probability", "expected_runs",
        "confidence", "created_at", "game_date", "market_type", "side", "line_value",
    ),
    "analytics.strategy_signals": (
        "game_id", "signal_id", "strategy", "strength", "signalled_at", "details", "created_at",
        *_PRICED,
    ),
    "analytics.strategy_results": (
        "game_id", "signal_id", "outcome", "profit", "closing_price", "closing_line_value",
        "graded_at", "created_at",
    ),
    "analytics.betting_recommendations": (
        "game_id", "recommendation_id", "sportsbook_id", "strategy", "stake", "expected_value",
        "kelly_fraction", "status", "recommended_at", "expires_at", "created_at", "updated_at",
        *_PRICED,
    ),
    "analytics.backtest_runs": (
        "backtest_id", "strategy", "parameters", "from_date", "to_date", "status",
        "starting_bankroll", "note", "started_at", "finished_at", "created_at",
    ),
    "analytics.backtest_bets": (
        "game_id", "bet_id", "backtest_id", "sportsbook_id", "stake", "placed_at", "outcome",
        "profit", "created_at", *_PRICED,
    ),
    "operational.pipeline_execution_log": (
        "execution_id", "stage", "source", "status", "started_at", "finished_at", "rows_read",
        "rows_written", "rows_rejected", "error_sqlstate", "error_message", "details",
    ),
    "operational.data_quality_metrics": (
        "metric_id", "execution_id", "table_name", "source", "metric", "value", "threshold",
        "is_met", "measured_at",
    ),
    "operational.system_health_checks": (
        "check_id", "check_name", "status", "value", "message", "details", "checked_at",
    ),
    "operational.alert_configurations": (
        "alert_configuration_id", "name", "metric", "comparison", "threshold", "for_minutes",
        "severity", "channel", "is_enabled", "created_at", "updated_at",
    ),
    "operational.alerts": (
        "alert_id", "alert_configuration_id", "severity", "value", "message", "raised_at",
        "acknowledged_at", "resolved_at",
    ),
}  # fmt: skip

NULL = "\\N"


class Rows:
    """Lines for COPY by table, each a row with its columns in the order of :data:`COLUMNS`."""

    def __init__(self) -> None:
        self.lines: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, table: str, *values: object) -> None:
        """A row; ``None`` is NULL, a text must hold no tab, newline or backslash."""
        self.lines[table].append(
            "\t".join([NULL if value is None else str(value) for value in values])
        )

    def raw_rows(self) -> int:
        """How many rows of ``raw_data`` there are."""
        return sum(len(lines) for table, lines in self.lines.items() if table.startswith("raw_"))
