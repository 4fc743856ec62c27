SELECT captured_at, role_name, calls, total_ms, mean_ms, row_count, buffers_hit, buffers_read
FROM performance_monitoring.query_history
WHERE query_id = CAST(:query_id AS bigint)
  AND captured_at >= CAST(:since AS timestamptz)
ORDER BY captured_at, role_name
