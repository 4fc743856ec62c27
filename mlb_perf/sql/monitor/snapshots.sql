-- How old the last snapshot is; or, where there is none, for how long there could have been one.
SELECT h.last_at, now() - coalesce(h.last_at, s.stats_reset, pg_postmaster_start_time()) AS age
FROM (SELECT max(captured_at) AS last_at FROM performance_monitoring.table_history) AS h
LEFT JOIN pg_stat_database AS s ON s.datname = current_database()
