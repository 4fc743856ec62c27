SELECT game_id, external_game_id, source, status, data_quality_score
FROM staging.games
WHERE game_date >= CAST(:from_date AS date)
  AND game_date < CAST(:to_date AS date)
  AND data_quality_score >= CAST(:least_quality AS numeric)
ORDER BY game_date, game_id, data_quality_score DESC
