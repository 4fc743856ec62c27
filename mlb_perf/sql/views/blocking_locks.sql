-- drop: VIEW performance_monitoring.blocking_locks
-- Who waits for whom, and for how long. pg_locks shows every session's locks to everybody; states
-- and queries of other roles need pg_monitor: is_visible is false without it. A blocking_pid of 0
-- is a prepared transaction. A wait for a row names its table where the waiter queues for it.
CREATE VIEW performance_monitoring.blocking_locks WITH (security_invoker = true) AS
SELECT
    l.pid AS waiting_pid,
    w.usename AS waiting_role,
    clock_timestamp() - l.waitstart AS waiting_for,
    w.query AS waiting_query,
    l.mode AS waiting_for_mode,
    coalesce(
        CASE WHEN l.database IN (0, d.oid) THEN l.relation::regclass::text END,
        CASE WHEN r.database = d.oid THEN r.relation::regclass::text END,
        l.locktype
    ) AS waiting_for_object,
    blocker.pid AS blocking_pid,
    b.usename AS blocking_role,
    b.state AS blocking_state,
    clock_timestamp() - b.xact_start AS blocking_transaction_age,
    b.query AS blocking_query,
    b.application_name AS blocking_application,
    coalesce('<insufficient privilege>' NOT IN (w.query, b.query), true) AS is_visible,
    format('SELECT pg_terminate_backend(%s)', nullif(blocker.pid, 0)) AS end_statement
FROM pg_locks AS l
CROSS JOIN LATERAL unnest(pg_blocking_pids(l.pid)) AS blocker (pid)
JOIN pg_database AS d ON d.datname = current_database()
LEFT JOIN pg_stat_activity AS w ON w.pid = l.pid
LEFT JOIN pg_stat_activity AS b ON b.pid = blocker.pid
LEFT JOIN LATERAL (
    SELECT t.database, t.relation
    FROM pg_locks AS t
    WHERE t.pid = l.pid AND t.locktype = 'tuple' AND t.granted AND l.locktype = 'transactionid'
    LIMIT 1
) AS r ON true
WHERE NOT l.granted
ORDER BY waiting_for DESC NULLS LAST, waiting_pid, blocking_pid;

COMMENT ON VIEW performance_monitoring.blocking_locks IS
    'Sessions that wait for a lock, who holds it, for how long, and both queries';
GRANT SELECT ON performance_monitoring.blocking_locks TO pg_monitor;
