-- The time bound leaves a day's rows, whose payloads are then compared: a GIN
-- index over payload would halve the rate of ingestion to save those milliseconds.
SELECT external_game_id, sportsbook_key, collected_at
FROM raw_data.odds_api_odds
WHERE collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
  AND payload @> CAST(:pattern AS jsonb)
ORDER BY collected_at DESC
LIMIT 100
