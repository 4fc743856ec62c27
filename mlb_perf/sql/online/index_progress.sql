-- How far the concurrent build of a session is, and the transaction that it waits for.

SELECT
    p.phase,
    p.blocks_done + p.tuples_done AS done,
    p.blocks_total + p.tuples_total AS total,
    a.pid AS waits_for_pid,
    a.usename AS waits_for_role,
    a.state AS waits_for_state,
    date_trunc('second', clock_timestamp() - a.xact_start)::text AS waits_for_age
FROM pg_stat_progress_create_index AS p
LEFT JOIN pg_stat_activity AS a ON a.pid = p.current_locker_pid
WHERE p.pid = :pid
