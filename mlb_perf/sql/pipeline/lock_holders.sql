-- Other sessions that hold more than a reader's lock on tables of these schemas, oldest first. On a
-- cluster of Citus also those with advisory locks, by which load and promotion lock games there.
SELECT
    a.pid,
    coalesce(a.usename, '?') AS role_name,
    coalesce(a.application_name, '') AS application_name,
    coalesce(a.state, '?') AS state,
    coalesce(date_trunc('second', clock_timestamp() - a.xact_start), interval '0')::text AS age,
    coalesce(a.query, '') AS query
FROM pg_stat_activity AS a
WHERE a.pid <> pg_backend_pid()
    AND EXISTS (
        SELECT 1 FROM pg_locks AS l
        JOIN pg_class AS c ON c.oid = l.relation
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
            AND l.mode <> 'AccessShareLock'
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND n.nspname = ANY (CAST(:schemas AS text[]))
        UNION ALL
        SELECT 1 FROM pg_locks AS l
        WHERE l.pid = a.pid AND l.granted AND l.locktype = 'advisory'
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL
    )
ORDER BY a.xact_start NULLS LAST, a.pid
LIMIT 3
