-- Moneyline predictions against what happened.
SELECT count(*) AS predictions,
    avg(
        (p.probability - CASE WHEN (p.side = 'home') = (g.home_score > g.away_score)
            THEN 1 ELSE 0 END) ^ 2
    ) AS brier_score
FROM analytics.ml_predictions AS p
JOIN curated.enhanced_games AS g ON g.game_id = p.game_id
WHERE p.experiment_id = CAST(:experiment_id AS bigint)
  AND p.market_type = 'moneyline'
  AND g.status = 'final'
