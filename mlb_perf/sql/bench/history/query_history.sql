-- Hourly snapshots of a hundred statements.
INSERT INTO performance_monitoring.query_history (
    captured_at, query_id, role_name, query_text, calls, total_ms, mean_ms, stddev_ms, row_count,
    buffers_hit, buffers_read
)
SELECT moment, n, 'application', format('SELECT %s', n), 1, 1, 1, 0, 1, 1, 0
FROM (SELECT max(game_date) AS last_day FROM curated.enhanced_games) AS games
CROSS JOIN generate_series(last_day - interval '30 days', last_day, interval '1 hour') AS moment
CROSS JOIN generate_series(1, 100) AS n
