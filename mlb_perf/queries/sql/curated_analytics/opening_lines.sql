SELECT sportsbook_id, market_type, side, line_value, price, source
FROM curated.betting_lines_unified
WHERE is_opening
  AND game_date = CAST(:game_date AS date)
  AND game_id = CAST(:game_id AS bigint)
