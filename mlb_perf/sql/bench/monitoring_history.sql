-- A month of snapshots as thin_history() leaves them: every five minutes of two days, every hour
-- before. Each is the last one again, in another moment; table_history and query_history in turn.
WITH moments AS (
    SELECT now() - n * interval '5 minutes' AS moment FROM generate_series(1, 576) AS n
    UNION ALL
    SELECT now() - interval '2 days' - n * interval '1 hour' FROM generate_series(1, 672) AS n
),
tables AS (
    INSERT INTO performance_monitoring.table_history
    SELECT m.moment, h.schema_name, h.table_name, h.heap_bytes, h.toast_bytes, h.index_bytes,
        h.live_rows, h.dead_rows, h.rows_inserted, h.rows_updated, h.rows_deleted,
        h.sequential_scans, h.index_scans, h.last_vacuum_at, h.last_analyze_at
    FROM performance_monitoring.table_history AS h
    CROSS JOIN moments AS m
    WHERE h.captured_at = :captured_at
)
INSERT INTO performance_monitoring.query_history
SELECT m.moment, h.query_id, h.role_name, h.query_text, h.calls, h.total_ms, h.mean_ms,
    h.stddev_ms, h.row_count, h.buffers_hit, h.buffers_read
FROM performance_monitoring.query_history AS h
CROSS JOIN moments AS m
WHERE h.captured_at = :captured_at
