-- The primary key, read backwards: the first row of each market is its newest.
SELECT DISTINCT ON (market_type) market_type, collected_at, payload
FROM raw_data.vsin_splits
WHERE external_game_id = CAST(:external_game_id AS text)
  AND sportsbook_key = CAST(:sportsbook_key AS text)
ORDER BY market_type DESC, collected_at DESC
