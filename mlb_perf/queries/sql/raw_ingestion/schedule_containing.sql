-- The schedule is asked for a few times a day and its rows are few: a GIN index
-- over the payload stands here, where it costs no feed of odds anything.
SELECT external_game_id, collected_at, payload
FROM raw_data.mlb_stats_api_games
WHERE payload @> CAST(:pattern AS jsonb)
  AND collected_at >= CAST(:since AS timestamptz)
ORDER BY collected_at DESC
LIMIT 100
