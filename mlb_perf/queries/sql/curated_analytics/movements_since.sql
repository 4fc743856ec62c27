-- A reader's cursor: the next movements after the moment that it has reached.
SELECT game_id, sportsbook_id, market_type, side, moved_at, line_after, price_after
FROM curated.line_movements
WHERE moved_at > CAST(:since AS timestamptz)
ORDER BY moved_at
LIMIT 500
