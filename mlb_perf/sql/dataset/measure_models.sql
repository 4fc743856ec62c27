-- How well each experiment predicted, a month at a time, from its last
-- prediction of each game that is over.
WITH last_word AS (
    SELECT DISTINCT ON (p.experiment_id, p.game_id) p.*, g.home_score, g.away_score
    FROM analytics.ml_predictions AS p
    JOIN curated.enhanced_games AS g USING (game_id)
    WHERE g.status = 'final' AND g.home_score IS NOT NULL
    ORDER BY p.experiment_id, p.game_id, p.as_of DESC
),
graded AS (
    SELECT experiment_id, market_type, date_trunc('month', game_date)::date AS month, game_date,
        probability,
        CASE
            WHEN CASE market_type
                    WHEN 'moneyline' THEN home_score > away_score
                    WHEN 'spread' THEN home_score + line_value > away_score
                    ELSE home_score + away_score > line_value
                END
            THEN 1 ELSE 0
        END AS happened
    FROM last_word
)
INSERT INTO analytics.ml_model_performance (
    experiment_id, market_type, from_date, to_date, sample_size, accuracy, log_loss, brier_score,
    return_on_investment, created_at, updated_at
)
SELECT experiment_id, market_type, min(game_date), max(game_date), count(*),
    round(avg(CASE WHEN (probability >= 0.5) = (happened = 1) THEN 1 ELSE 0 END), 8),
    round(-avg(ln(CASE happened WHEN 1 THEN probability ELSE 1 - probability END)), 8),
    round(avg((probability - happened) * (probability - happened)), 8),
    NULL, max(game_date)::timestamp AT TIME ZONE 'UTC' + interval '1 day',
    max(game_date)::timestamp AT TIME ZONE 'UTC' + interval '1 day'
FROM graded
GROUP BY experiment_id, market_type, month
