-- A load, staging and promotion every ten minutes, features every hour, grading
-- every day; one run in fifty failed.
INSERT INTO operational.pipeline_execution_log (
    stage, source, status, started_at, finished_at, rows_read, rows_written
)
SELECT kind.stage, 'odds_api', CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'succeeded' END, moment,
    moment + interval '5 seconds', 1000, 1000
FROM (SELECT max(game_date) AS last_day FROM curated.enhanced_games) AS games
CROSS JOIN (
    VALUES
        ('load', interval '10 minutes'), ('stage', interval '10 minutes'),
        ('promote', interval '10 minutes'), ('features', interval '1 hour'),
        ('grade', interval '1 day')
) AS kind (stage, every)
CROSS JOIN generate_series(last_day - interval '30 days', last_day, kind.every)
    WITH ORDINALITY AS run (moment, n)
ORDER BY moment, kind.stage
