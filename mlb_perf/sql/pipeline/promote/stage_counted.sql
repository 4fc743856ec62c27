-- Store the quotes, count them by source, and keep those of the games that are appended to.
WITH stored AS (
{store}
    RETURNING game_id, external_game_id, sportsbook_key, sportsbook_id, source, market_type, side,
        line_value, price, decimal_price, collected_at, data_quality_score, validation_status,
        validation_errors IS NOT NULL AS is_undated
),
kept AS (
    INSERT INTO staged_quote (
        game_id, external_game_id, sportsbook_key, sportsbook_id, source, market_type, side,
        line_value, price, decimal_price, collected_at, data_quality_score, is_undated
    )
    SELECT game_id, external_game_id, sportsbook_key, sportsbook_id, source, market_type, side,
        line_value, price, decimal_price, collected_at, data_quality_score, is_undated
    FROM stored
    WHERE game_id IN (SELECT game_id FROM live_game)
)
INSERT INTO staged_total (source, staged, valid)
SELECT source, count(*), count(*) FILTER (WHERE validation_status = 'valid')
FROM stored
GROUP BY source
