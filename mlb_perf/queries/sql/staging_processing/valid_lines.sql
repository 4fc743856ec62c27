-- All sources and markets of the hour are one range of the index; the filter is cheap.
SELECT external_game_id, sportsbook_key, side, line_value, price, collected_at
FROM staging.betting_odds_unified
WHERE source = CAST(:source AS text)
  AND market_type = CAST(:market_type AS text)
  AND validation_status = 'valid'
  AND collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
