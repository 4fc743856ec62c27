-- Hourly snapshots of the package's tables.
INSERT INTO performance_monitoring.table_history (
    captured_at, schema_name, table_name, heap_bytes, toast_bytes, index_bytes, live_rows,
    dead_rows, rows_inserted, rows_updated, rows_deleted, sequential_scans, index_scans
)
SELECT moment, schemaname, relname, 8192, 0, 8192, 100, 0, 100, 0, 0, 0, 0
FROM pg_stat_user_tables
CROSS JOIN (SELECT max(game_date) AS last_day FROM curated.enhanced_games) AS games
CROSS JOIN generate_series(last_day - interval '30 days', last_day, interval '1 hour') AS moment
WHERE schemaname IN (
    'raw_data', 'staging', 'curated', 'analytics', 'operational', 'performance_monitoring'
)
