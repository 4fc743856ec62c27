-- Steps whose last attempt failed. One that was done since is not named, nor one whose revision has
-- succeeded since as a whole. One outside of a revision, of `partitions` or `rebuilds`, is named for
-- a week, because its command may not be wanted any more.
SELECT
    l.revision, l.operation, l.object_name, l.error_sqlstate, l.error_message, l.logged_at,
    -- Which way the revision ran: its own row follows those of its steps.
    (
        SELECT w.operation FROM performance_monitoring.optimization_log AS w
        WHERE w.revision = l.revision AND w.operation IN ('upgrade', 'downgrade') AND w.log_id >= l.log_id
        ORDER BY w.log_id
        LIMIT 1
    ) AS direction
FROM (
    SELECT DISTINCT ON (o.operation, o.object_name)
        o.log_id, o.revision, o.operation, o.object_name, o.status, o.error_sqlstate,
        o.error_message, o.logged_at
    FROM performance_monitoring.optimization_log AS o
    WHERE o.status IN ('succeeded', 'failed', 'skipped')
    ORDER BY o.operation, o.object_name, o.logged_at DESC, o.log_id DESC
) AS l
WHERE l.status = 'failed'
    AND (l.revision IS NOT NULL OR l.logged_at > clock_timestamp() - interval '7 days')
    AND NOT EXISTS (
        SELECT FROM performance_monitoring.optimization_log AS w
        WHERE w.revision = l.revision AND w.operation IN ('upgrade', 'downgrade')
            AND w.status = 'succeeded' AND w.log_id > l.log_id
    )
ORDER BY l.logged_at DESC
