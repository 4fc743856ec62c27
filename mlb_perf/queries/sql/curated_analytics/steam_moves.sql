SELECT game_id, market_type, side, moved_at, books_moved, line_before, line_after, price_before,
    price_after
FROM curated.line_movements
WHERE is_steam_move
  AND moved_at >= CAST(:since AS timestamptz)
  AND moved_at < CAST(:until AS timestamptz)
ORDER BY moved_at DESC
