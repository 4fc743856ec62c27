-- A run every ten minutes, one in fifty of them failed.
INSERT INTO operational.pipeline_execution_log (
    stage, source, status, started_at, finished_at, rows_read, rows_written
)
SELECT (ARRAY['load', 'stage', 'promote', 'features', 'grade'])[1 + n % 5], 'odds_api',
    CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'succeeded' END, moment, moment + interval '5 seconds',
    1000, 1000
FROM (SELECT max(game_date) AS last_day FROM curated.enhanced_games) AS games
CROSS JOIN generate_series(last_day - interval '30 days', last_day, interval '10 minutes')
    WITH ORDINALITY AS run (moment, n)
