-- The primary key, read backwards. The bounds prune all months but the market's own.
SELECT collected_at, payload
FROM raw_data.odds_api_odds
WHERE external_game_id = CAST(:external_game_id AS text)
  AND sportsbook_key = CAST(:sportsbook_key AS text)
  AND collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
ORDER BY collected_at DESC
LIMIT 1
