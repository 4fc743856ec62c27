-- Takes the lock of a table's rebuild, or names the session that holds it.

WITH wanted AS (SELECT hashtextextended('mlb_perf ' || :table, 0) AS key)
SELECT
    pg_try_advisory_lock(w.key) AS is_ours,
    h.pid,
    h.role_name
FROM wanted AS w
LEFT JOIN LATERAL (
    SELECT l.pid, coalesce(a.usename, '?') AS role_name
    FROM pg_locks AS l
    LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
        AND (l.classid::bigint << 32 | l.objid::bigint) = w.key
    LIMIT 1
) AS h ON true
