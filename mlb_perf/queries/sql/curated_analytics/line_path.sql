SELECT source, line_value, price, first_seen_at, last_seen_at
FROM curated.betting_lines_unified
WHERE game_id = CAST(:game_id AS bigint)
  AND game_date = CAST(:game_date AS date)
  AND sportsbook_id = CAST(:sportsbook_id AS bigint)
  AND market_type = CAST(:market_type AS text)
  AND side = CAST(:side AS text)
ORDER BY source, first_seen_at
