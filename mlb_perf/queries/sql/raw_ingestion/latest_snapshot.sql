-- The primary key, read backwards. The bounds prune all months but the market's own. The later one is
-- written with ALL: a generic plan takes a range between two unknown moments as half a percent of
-- the rows, and would sort all of them instead of reading the newest alone.
SELECT collected_at, payload
FROM raw_data.odds_api_odds
WHERE external_game_id = CAST(:external_game_id AS text)
  AND sportsbook_key = CAST(:sportsbook_key AS text)
  AND collected_at >= CAST(:since AS timestamptz)
  AND collected_at < ALL (ARRAY[CAST(:until AS timestamptz)])
ORDER BY collected_at DESC
LIMIT 1
