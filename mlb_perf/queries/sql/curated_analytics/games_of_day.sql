SELECT game_id, game_number, home_team_id, away_team_id, scheduled_start_at, status
FROM curated.enhanced_games
WHERE game_date = CAST(:game_date AS date)
ORDER BY scheduled_start_at, game_id
