-- The prices that stood at the moment, and of each market, side and line the best.
WITH standing AS (
    SELECT DISTINCT ON (market_type, sportsbook_id, side)
        sportsbook_id, market_type, side, line_value, price, decimal_price
    FROM curated.betting_lines_unified
    WHERE game_id = CAST(:game_id AS bigint)
      AND game_date = CAST(:game_date AS date)
      AND first_seen_at <= CAST(:moment AS timestamptz)
    ORDER BY market_type, sportsbook_id, side, first_seen_at DESC
)
SELECT DISTINCT ON (market_type, side, line_value)
    market_type, side, line_value, price, sportsbook_id
FROM standing
ORDER BY market_type, side, line_value, decimal_price DESC, sportsbook_id
