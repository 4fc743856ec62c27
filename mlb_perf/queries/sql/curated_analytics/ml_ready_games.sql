SELECT game_id, game_date, home_team_id, away_team_id, home_score, away_score
FROM curated.enhanced_games
WHERE is_ml_ready
  AND season = CAST(:season AS integer)
  AND data_quality_score >= CAST(:least_quality AS numeric)
ORDER BY game_date DESC
LIMIT 200
