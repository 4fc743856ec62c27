-- Store the quotes, and keep those that are new for the curated lines.
WITH stored AS (
{store}
    RETURNING game_id, external_game_id, sportsbook_key, sportsbook_id, source, market_type, side,
        line_value, price, decimal_price, collected_at, data_quality_score
)
INSERT INTO staged_quote (
    game_id, external_game_id, sportsbook_key, sportsbook_id, source, market_type, side, line_value,
    price, decimal_price, collected_at, data_quality_score
)
SELECT game_id, external_game_id, sportsbook_key, sportsbook_id, source, market_type, side,
    line_value, price, decimal_price, collected_at, data_quality_score
FROM stored
