-- Promotion reads these: every quote of a game, under each id that a source uses for it.
SELECT sportsbook_id, source, market_type, side, line_value, price, decimal_price, collected_at
FROM staging.betting_odds_unified
WHERE game_id = CAST(:game_id AS bigint)
  AND validation_status IN ('valid', 'suspect')
  AND sportsbook_id IS NOT NULL
