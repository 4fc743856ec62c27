-- The oldest transaction that a session waits for while it drops an index concurrently.

SELECT
    'waiting for transactions that may use it' AS phase,
    0 AS done,
    0 AS total,
    a.pid AS waits_for_pid,
    a.usename AS waits_for_role,
    a.state AS waits_for_state,
    date_trunc('second', clock_timestamp() - a.xact_start)::text AS waits_for_age
FROM unnest(pg_blocking_pids(:pid)) AS blocking (pid)
JOIN pg_stat_activity AS a ON a.pid = blocking.pid
ORDER BY a.xact_start
LIMIT 1
