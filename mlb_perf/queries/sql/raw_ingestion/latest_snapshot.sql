-- The primary key, read backwards. The bound prunes months before the market opened.
SELECT collected_at, payload
FROM raw_data.odds_api_odds
WHERE external_game_id = CAST(:external_game_id AS text)
  AND sportsbook_key = CAST(:sportsbook_key AS text)
  AND collected_at >= CAST(:since AS timestamptz)
ORDER BY collected_at DESC
LIMIT 1
