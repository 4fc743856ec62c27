-- The newest row of each market, by the primary key.
SELECT DISTINCT ON (market_type) market_type, collected_at, payload
FROM raw_data.vsin_splits
WHERE external_game_id = CAST(:external_game_id AS text)
  AND sportsbook_key = CAST(:sportsbook_key AS text)
  AND collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
ORDER BY market_type, collected_at DESC
