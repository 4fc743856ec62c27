-- Other sessions that hold a lock on these relations or on a table that their foreign keys refer to,
-- longest transaction first. A statement on the one may need a lock on the other.

WITH wanted AS (
    SELECT to_regclass(n.name)::oid AS oid, false AS is_referenced
    FROM unnest(CAST(:relations AS text[])) AS n (name)
    UNION
    SELECT k.confrelid, true
    FROM unnest(CAST(:relations AS text[])) AS n (name)
    JOIN pg_constraint AS k ON k.conrelid = to_regclass(n.name) AND k.contype = 'f'
)
SELECT
    a.pid,
    coalesce(a.usename, '?') AS role_name,
    coalesce(a.state, '?') AS state,
    coalesce(date_trunc('second', clock_timestamp() - a.xact_start), interval '0')::text AS age,
    coalesce(left(regexp_replace(a.query, '\s+', ' ', 'g'), 60), '') AS query,
    l.referenced
FROM pg_stat_activity AS a
JOIN (
    SELECT k.pid, min(k.relation::regclass::text) FILTER (WHERE w.is_referenced) AS referenced
    FROM pg_locks AS k
    JOIN wanted AS w ON w.oid = k.relation
    WHERE k.granted
        AND (NOT w.is_referenced OR k.mode NOT IN ('AccessShareLock', 'RowShareLock'))
        AND k.locktype = 'relation'
        AND k.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    GROUP BY k.pid
) AS l ON l.pid = a.pid
WHERE a.pid <> pg_backend_pid()
ORDER BY a.xact_start NULLS LAST
LIMIT 3
