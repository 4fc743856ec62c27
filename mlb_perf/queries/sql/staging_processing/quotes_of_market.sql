-- A range of the natural key.
SELECT side, line_value, price, collected_at
FROM staging.betting_odds_unified
WHERE external_game_id = CAST(:external_game_id AS text)
  AND source = CAST(:source AS text)
  AND sportsbook_key = CAST(:sportsbook_key AS text)
  AND market_type = CAST(:market_type AS text)
ORDER BY side, collected_at
