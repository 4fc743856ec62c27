-- Other sessions that hold a lock on these relations, longest transaction first.

SELECT
    a.pid,
    coalesce(a.usename, '?') AS role_name,
    coalesce(a.state, '?') AS state,
    coalesce(date_trunc('second', clock_timestamp() - a.xact_start), interval '0')::text AS age,
    coalesce(left(regexp_replace(a.query, '\s+', ' ', 'g'), 60), '') AS query
FROM pg_stat_activity AS a
WHERE a.pid <> pg_backend_pid()
    AND EXISTS (
        SELECT FROM pg_locks AS l
        WHERE l.pid = a.pid
            AND l.granted
            AND l.locktype = 'relation'
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND l.relation = ANY (SELECT to_regclass(n.name) FROM unnest(CAST(:relations AS text[])) AS n (name))
    )
ORDER BY a.xact_start NULLS LAST
LIMIT 3
