SELECT operation, object_name, status, duration_ms, lock_wait_ms, error_sqlstate, logged_at
FROM performance_monitoring.optimization_log
WHERE revision = CAST(:revision AS text)
ORDER BY log_id
