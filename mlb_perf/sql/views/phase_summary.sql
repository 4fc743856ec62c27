-- drop: VIEW performance_monitoring.phase_summary
-- What each phase of the revisions did and cost: steps, durations, waits for locks, errors.
-- A phase is a range of revisions: 0010 to 0019 indexes, 0020 to 0029 partitions and types.
CREATE VIEW performance_monitoring.phase_summary WITH (security_invoker = true) AS
SELECT
    p.phase,
    p.title,
    count(DISTINCT l.revision) FILTER (WHERE l.operation = 'upgrade' AND l.status = 'succeeded') AS revisions,
    count(*) FILTER (WHERE l.status = 'succeeded' AND NOT l.is_whole) AS steps_succeeded,
    count(*) FILTER (WHERE l.status = 'failed' AND NOT l.is_whole) AS steps_failed,
    count(*) FILTER (WHERE l.status = 'retried') AS lock_retries,
    round(sum(l.duration_ms) FILTER (
        WHERE l.operation = 'upgrade' AND l.status = 'succeeded')::numeric, 1) AS duration_ms,
    round(sum(l.lock_wait_ms) FILTER (WHERE l.status <> 'retried')::numeric, 1) AS lock_wait_ms,
    round(max(l.duration_ms) FILTER (
        WHERE l.operation = 'swap_table' AND l.status = 'succeeded')::numeric, 1) AS longest_swap_ms,
    sum(l.rows_affected) FILTER (
        WHERE l.operation = 'rebuild_table' AND l.status = 'succeeded') AS rows_moved,
    min(l.logged_at) AS first_at,
    max(l.logged_at) AS last_at,
    (array_agg(concat_ws(' ', l.error_sqlstate, l.error_message) ORDER BY l.logged_at DESC)
        FILTER (WHERE l.status = 'failed'))[1] AS last_error
FROM (VALUES
    (0, 'baseline and monitoring', '0000', '0009'),
    (1, 'strategic indexes', '0010', '0019'),
    (2, 'partitions and data types', '0020', '0029'),
    (3, 'later revisions', '0030', '9999')
) AS p (phase, title, first_revision, last_revision)
LEFT JOIN (
    -- One row is the whole revision; its steps, where it has such, lie within its duration.
    SELECT o.*, o.operation IN ('upgrade', 'downgrade') AS is_whole
    FROM performance_monitoring.optimization_log AS o
) AS l
    ON l.revision BETWEEN p.first_revision AND p.last_revision
GROUP BY p.phase, p.title
ORDER BY p.phase;

COMMENT ON VIEW performance_monitoring.phase_summary IS
    'What each phase of the revisions did and cost, from optimization_log';
GRANT SELECT ON performance_monitoring.phase_summary TO pg_monitor;
