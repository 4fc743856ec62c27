-- What games_again, a step of promotion, tries once more.
SELECT external_game_id, source, home_team_name, away_team_name, scheduled_start_at,
    validation_errors
FROM staging.games
WHERE game_id IS NULL
ORDER BY collected_at
LIMIT 200
