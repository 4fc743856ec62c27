-- A range of the natural key, in its order.
SELECT DISTINCT ON (market_type, sportsbook_id, side)
    sportsbook_id, market_type, side, line_value, price, decimal_price, first_seen_at
FROM curated.betting_lines_unified
WHERE game_id = CAST(:game_id AS bigint)
  AND game_date = CAST(:game_date AS date)
  AND first_seen_at <= CAST(:moment AS timestamptz)
ORDER BY market_type, sportsbook_id, side, first_seen_at DESC
