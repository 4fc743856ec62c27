SELECT g.game_id, g.game_date, g.status, g.home_team_id, g.away_team_id
FROM curated.game_id_mappings AS m
JOIN curated.enhanced_games AS g ON g.game_id = m.game_id
WHERE m.source = CAST(:source AS text)
  AND m.external_game_id = CAST(:external_game_id AS text)
