-- A reader's cursor: what moved after the moment that it has come to. The games'
-- dates leave the months that are quoted then.
SELECT game_id, sportsbook_id, market_type, side, moved_at, line_after, price_after
FROM curated.line_movements
WHERE moved_at > CAST(:since AS timestamptz)
  AND game_date BETWEEN CAST(:from_date AS date) AND CAST(:to_date AS date)
ORDER BY moved_at
LIMIT 500
