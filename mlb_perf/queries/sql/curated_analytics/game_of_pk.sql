SELECT game_id, game_date, game_number, status, home_score, away_score
FROM curated.enhanced_games
WHERE game_pk = CAST(:game_pk AS bigint)
