-- A benchmark a day.
INSERT INTO performance_monitoring.benchmark_runs (
    revision, command, server_version, scale, machine, settings, row_counts, started_at, finished_at
)
SELECT '0019', 'mlb-perf bench', '18', 1, '{}', '{}', '{}', moment, moment + interval '9 minutes'
FROM (SELECT max(game_date) AS last_day FROM curated.enhanced_games) AS games
CROSS JOIN generate_series(last_day - interval '30 days', last_day, interval '1 day') AS moment
