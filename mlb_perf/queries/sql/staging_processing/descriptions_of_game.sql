SELECT source, external_game_id, status, scheduled_start_at, home_score, away_score, collected_at
FROM staging.games
WHERE game_id = CAST(:game_id AS bigint)
ORDER BY collected_at
