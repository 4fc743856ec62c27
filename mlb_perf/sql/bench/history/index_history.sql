-- Hourly snapshots of a hundred indexes.
INSERT INTO performance_monitoring.index_history (
    captured_at, schema_name, index_name, table_name, index_bytes, scans, entries_read, rows_fetched
)
SELECT moment, 'curated', format('index_%s', n), 'table', 8192, 0, 0, 0
FROM (SELECT max(game_date) AS last_day FROM curated.enhanced_games) AS games
CROSS JOIN generate_series(last_day - interval '30 days', last_day, interval '1 hour') AS moment
CROSS JOIN generate_series(1, 100) AS n
