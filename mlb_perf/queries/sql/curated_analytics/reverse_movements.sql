SELECT game_id, market_type, side, moved_at, bets_percent, probability_change
FROM curated.line_movements
WHERE is_reverse_line_movement
  AND game_date = CAST(:game_date AS date)
ORDER BY game_id, market_type, side, moved_at
