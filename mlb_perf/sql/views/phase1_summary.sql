-- drop: VIEW performance_monitoring.phase1_summary
-- Phase 1, an index a row: the last step on it, what it cost, and what the index is worth since.
CREATE VIEW performance_monitoring.phase1_summary WITH (security_invoker = true) AS
SELECT DISTINCT ON (l.object_name)
    l.object_name AS index_name,
    l.operation,
    l.status,
    l.revision,
    round(l.duration_ms::numeric, 1) AS duration_ms,
    round(l.lock_wait_ms::numeric, 1) AS lock_wait_ms,
    l.error_sqlstate,
    u.index_bytes,
    u.scans,
    l.logged_at
FROM performance_monitoring.optimization_log AS l
LEFT JOIN performance_monitoring.index_usage AS u
    ON l.object_name = format('%s.%s', u.schema_name, u.index_name)
WHERE l.revision BETWEEN '0010' AND '0019'
    AND l.operation IN ('create_index_online', 'drop_index_online')
ORDER BY l.object_name, l.logged_at DESC, l.log_id DESC;

COMMENT ON VIEW performance_monitoring.phase1_summary IS
    'Phase 1, an index a row: the last step on it, its cost, and the use of the index since';
GRANT SELECT ON performance_monitoring.phase1_summary TO pg_monitor;
