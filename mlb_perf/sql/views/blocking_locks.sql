-- drop: VIEW performance_monitoring.blocking_locks
-- Who waits for whom, and for how long. Without pg_monitor or pg_read_all_stats the queries of
-- other roles are not to be seen: is_visible is false then, and ages are NULL.
CREATE VIEW performance_monitoring.blocking_locks WITH (security_invoker = true) AS
SELECT
    w.pid AS waiting_pid,
    w.usename AS waiting_role,
    now() - w.state_change AS waiting_for,
    w.query AS waiting_query,
    l.mode AS waiting_for_mode,
    coalesce(l.relation::regclass::text, l.locktype) AS waiting_for_object,
    b.pid AS blocking_pid,
    b.usename AS blocking_role,
    b.state AS blocking_state,
    now() - b.xact_start AS blocking_transaction_age,
    b.query AS blocking_query,
    b.application_name AS blocking_application,
    w.state IS NOT NULL AND b.state IS NOT NULL AS is_visible
FROM pg_stat_activity AS w
CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocker (pid)
JOIN pg_stat_activity AS b ON b.pid = blocker.pid
LEFT JOIN pg_locks AS l ON l.pid = w.pid AND NOT l.granted
WHERE w.wait_event_type = 'Lock' OR w.state IS NULL
ORDER BY waiting_for DESC NULLS LAST, waiting_pid, blocking_pid;

COMMENT ON VIEW performance_monitoring.blocking_locks IS
    'Sessions that wait for a lock, who holds it, for how long, and both queries';
