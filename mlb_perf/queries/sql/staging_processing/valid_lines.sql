-- staging is spread by a hash of external_game_id, which this question does not
-- know: each part is looked at.
SELECT external_game_id, sportsbook_key, side, line_value, price, collected_at
FROM staging.betting_odds_unified
WHERE source = CAST(:source AS text)
  AND market_type = CAST(:market_type AS text)
  AND validation_status = 'valid'
  AND collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
