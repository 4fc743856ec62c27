-- One probe of the natural key: the newest row first seen by the moment. Rows that
-- were seen later are not read.
SELECT line_value, price, decimal_price, first_seen_at
FROM curated.betting_lines_unified
WHERE game_id = CAST(:game_id AS bigint)
  AND game_date = CAST(:game_date AS date)
  AND sportsbook_id = CAST(:sportsbook_id AS bigint)
  AND market_type = CAST(:market_type AS text)
  AND side = CAST(:side AS text)
  AND source = CAST(:source AS text)
  AND first_seen_at <= CAST(:moment AS timestamptz)
ORDER BY first_seen_at DESC
LIMIT 1
