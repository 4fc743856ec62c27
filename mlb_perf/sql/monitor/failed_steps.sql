-- Steps of revisions whose last attempt failed: one that was done since is not named.
SELECT l.revision, l.operation, l.object_name, l.error_sqlstate, l.error_message, l.logged_at
FROM (
    SELECT DISTINCT ON (o.operation, o.object_name)
        o.revision, o.operation, o.object_name, o.status, o.error_sqlstate, o.error_message,
        o.logged_at
    FROM performance_monitoring.optimization_log AS o
    WHERE o.status IN ('succeeded', 'failed', 'skipped')
    ORDER BY o.operation, o.object_name, o.logged_at DESC, o.log_id DESC
) AS l
WHERE l.status = 'failed'
ORDER BY l.logged_at DESC
