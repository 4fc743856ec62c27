"""A data set has the rows that promotion makes of its raw rows, and those hold together."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, text

from tests.integration.dataset.contents import TABLES
from tests.support.sql import rows

# Each finds rows that must not be.
VIOLATIONS = {
    "rows of a game that is not there": """
        SELECT 'mapping', game_id FROM curated.game_id_mappings
        UNION ALL SELECT 'odds', game_id FROM staging.betting_odds_unified
        UNION ALL SELECT 'splits', game_id FROM staging.betting_splits
        UNION ALL SELECT 'games', game_id FROM staging.games
        UNION ALL SELECT 'queue', game_id FROM staging.curation_queue
        EXCEPT SELECT kind, game_id FROM curated.enhanced_games
            CROSS JOIN (VALUES ('mapping'), ('odds'), ('splits'), ('games'), ('queue')) k (kind)
    """,
    "a game_date that is not the game's": """
        SELECT l.line_id FROM curated.betting_lines_unified l
        JOIN curated.enhanced_games g USING (game_id) WHERE l.game_date <> g.game_date
        UNION ALL
        SELECT o.odds_id FROM staging.betting_odds_unified o
        JOIN curated.enhanced_games g USING (game_id) WHERE o.game_date <> g.game_date
    """,
    "a line that repeats the one before, or begins before that ends": """
        SELECT * FROM (
            SELECT line_id, first_seen_at, (line_value, price, decimal_price, is_in_play)
                IS NOT DISTINCT FROM (lag(line_value) OVER path, lag(price) OVER path,
                    lag(decimal_price) OVER path, lag(is_in_play) OVER path) AS is_same,
                lag(last_seen_at) OVER path AS before
            FROM curated.betting_lines_unified
            WINDOW path AS (PARTITION BY game_id, sportsbook_id, source, market_type, side
                ORDER BY first_seen_at)
        ) AS step
        WHERE is_same OR before >= first_seen_at
    """,
    "a flag that the path contradicts": """
        SELECT * FROM (
            SELECT l.line_id, is_opening, is_closing, is_in_play,
                row_number() OVER path = 1 AND NOT is_in_play AS first,
                NOT is_in_play AND g.scheduled_start_at <= :until
                    AND coalesce(lead(is_in_play) OVER path, true) AS last,
                first_seen_at >= g.scheduled_start_at AS late
            FROM curated.betting_lines_unified l JOIN curated.enhanced_games g USING (game_id)
            WINDOW path AS (PARTITION BY game_id, sportsbook_id, source, market_type, side
                ORDER BY first_seen_at)
        ) AS step
        WHERE (is_opening, is_closing, is_in_play) <> (first, last, late)
    """,
    "a closing line that was seen after the start": """
        SELECT line_id FROM curated.betting_lines_unified
        JOIN curated.enhanced_games g USING (game_id)
        WHERE is_closing AND last_seen_at >= g.scheduled_start_at
    """,
    "a quote that is in no line": """
        SELECT odds_id FROM staging.betting_odds_unified o
        WHERE NOT EXISTS (
            SELECT FROM curated.betting_lines_unified l
            WHERE l.game_id = o.game_id AND l.sportsbook_id = o.sportsbook_id
              AND l.source = o.source AND l.market_type = o.market_type AND l.side = o.side
              AND l.price = o.price AND l.line_value IS NOT DISTINCT FROM o.line_value
              AND o.collected_at BETWEEN l.first_seen_at AND l.last_seen_at)
    """,
    "a count of quotes that staging does not have": """
        SELECT sum(quote_count) FROM curated.betting_lines_unified
        HAVING sum(quote_count) <> (SELECT sum(quote_count) FROM staging.betting_odds_unified)
    """,
    "a promoted market of The Odds API that is not in staging, or one there of a hot row": """
        (SELECT external_game_id, b ->> 'key', (m ->> 'last_update')::timestamptz
         FROM raw_data.odds_api_odds, jsonb_array_elements(payload -> 'bookmakers') b,
            jsonb_array_elements(b -> 'markets') m
         WHERE processed_at IS NOT NULL
         EXCEPT
         SELECT external_game_id, sportsbook_key, collected_at FROM staging.betting_odds_unified)
        UNION ALL
        (SELECT external_game_id, sportsbook_key, collected_at FROM staging.betting_odds_unified
         WHERE source = 'odds_api'
         EXCEPT
         SELECT external_game_id, sportsbook_key, collected_at FROM raw_data.odds_api_odds
         WHERE processed_at IS NOT NULL)
    """,
    "a row of splits that was neither promoted nor rejected, or both": """
        SELECT external_game_id, sportsbook_key, market_type, collected_at
        FROM raw_data.vsin_splits r
        WHERE (processed_at IS NOT NULL)::integer <> (
            SELECT count(*) FROM staging.betting_splits s
            WHERE s.external_game_id = r.external_game_id AND s.collected_at = r.collected_at
              AND s.sportsbook_key = r.sportsbook_key AND s.market_type = r.market_type
        ) + (
            SELECT count(*) FROM staging.rejected_records x
            WHERE x.external_game_id = r.external_game_id AND x.collected_at = r.collected_at
              AND x.sportsbook_key = r.sportsbook_key
              AND x.record ->> 'split_type' = r.market_type)
    """,
    "a price that was not on offer when it was signalled, recommended or bet on": """
        SELECT * FROM (
            SELECT game_id, market_type, side, line_value, price, signalled_at AS at
            FROM analytics.strategy_signals
            UNION ALL
            SELECT game_id, market_type, side, line_value, price, recommended_at
            FROM analytics.betting_recommendations
            UNION ALL
            SELECT game_id, market_type, side, line_value, price, placed_at
            FROM analytics.backtest_bets
        ) AS bet
        WHERE NOT EXISTS (
            SELECT FROM curated.betting_lines_unified l
            WHERE l.game_id = bet.game_id AND l.market_type = bet.market_type AND l.side = bet.side
              AND l.price = bet.price AND l.line_value IS NOT DISTINCT FROM bet.line_value
              AND NOT l.is_in_play AND bet.at BETWEEN l.first_seen_at AND l.last_seen_at)
    """,
    "a prediction or a feature of after the start": """
        SELECT game_id, as_of FROM analytics.ml_predictions
        JOIN curated.enhanced_games USING (game_id) WHERE as_of >= scheduled_start_at
        UNION ALL
        SELECT game_id, as_of FROM curated.ml_features
        JOIN curated.enhanced_games USING (game_id) WHERE as_of <> scheduled_start_at
    """,
    "a backtest whose sums are not those of its bets": """
        SELECT backtest_id, r.bet_count, r.profit, count(*), sum(b.profit)
        FROM analytics.backtest_runs r LEFT JOIN analytics.backtest_bets b USING (backtest_id)
        GROUP BY backtest_id, r.bet_count, r.profit
        HAVING (r.bet_count, r.profit)
            IS DISTINCT FROM (count(b.bet_id), coalesce(sum(b.profit), 0))
    """,
    "a run in the log with rows that got lost": """
        SELECT execution_id FROM operational.pipeline_execution_log
        WHERE rows_read <> rows_written + rows_rejected
    """,
}  # fmt: skip

UNTIL = dt.datetime(2026, 9, 26, tzinfo=dt.UTC)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_rows(dataset: Engine, table: str) -> None:
    """Staging keeps every quote of this data set: no game is compacted."""
    expected = [] if table == "staging.compacted_games" else [()]
    assert rows(dataset, f"SELECT FROM {table} LIMIT 1") == expected


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_the_tiers_hold_together(dataset: Engine, violation: str) -> None:
    with dataset.connect() as connection:
        query = text(VIOLATIONS[violation])
        values = {"until": UNTIL} if ":until" in VIOLATIONS[violation] else {}
        found = connection.execute(query, values).fetchmany(5)
    assert found == []


def test_the_log_has_all_raw_rows(dataset: Engine) -> None:
    counted = "SELECT sum((SELECT count(*) FROM raw_data.{})) AS n"
    tables = [table.removeprefix("raw_data.") for table in TABLES if table.startswith("raw_")]
    there = sum(rows(dataset, counted.format(table))[0][0] for table in tables)
    logged = rows(
        dataset,
        "SELECT source = 'dataset', sum(rows_written), sum(rows_rejected)"
        " FROM operational.pipeline_execution_log WHERE stage = 'load' GROUP BY 1 ORDER BY 1",
    )
    malformed = rows(
        dataset,
        "SELECT count(*) FROM staging.rejected_records WHERE reason_code = 'malformed_record'",
    )[0][0]
    assert malformed > 0
    assert logged == [(False, there, malformed), (True, there, 0)]


def test_the_newest_rows_are_hot(dataset: Engine) -> None:
    [(share, oldest_hot, newest_cold)] = rows(
        dataset,
        "SELECT avg((processed_at IS NULL)::integer),"
        " min(collected_at) FILTER (WHERE processed_at IS NULL),"
        " max(collected_at) FILTER (WHERE processed_at IS NOT NULL) FROM raw_data.odds_api_odds",
    )
    assert 0 < share < 0.05
    assert UNTIL - dt.timedelta(minutes=15) <= oldest_hot < UNTIL
    assert newest_cold < oldest_hot


def test_rows_can_be_added_to_it(dataset: Engine) -> None:
    [(highest,)] = rows(dataset, "SELECT max(line_id) FROM curated.betting_lines_unified")
    [(following,)] = rows(dataset, "SELECT nextval('curated.betting_lines_unified_line_id_seq')")
    assert following > highest
