SELECT p.game_id, p.market_type, p.side, p.probability, p.confidence, e.name, e.model_type,
    g.home_team_id, g.away_team_id, g.scheduled_start_at
FROM analytics.ml_predictions AS p
JOIN analytics.ml_experiments AS e ON e.experiment_id = p.experiment_id
JOIN curated.enhanced_games AS g ON g.game_id = p.game_id
WHERE p.game_date = CAST(:game_date AS date)
  AND p.confidence >= CAST(:least_confidence AS numeric)
ORDER BY p.confidence DESC
LIMIT 50
