-- The view connection_usage, with who holds the most connections, and the application of this database
-- that holds the most idle ones.
SELECT u.*, h.holders, i.idle_application, i.idle_connections
FROM performance_monitoring.connection_usage AS u
CROSS JOIN (
    SELECT string_agg(format('%s (%s in %s): %s, %s idle', b.application, b.role_name, b.database_name,
        b.connections, b.idle), '; ' ORDER BY b.connections DESC) AS holders
    FROM (
        SELECT
            coalesce(nullif(a.application_name, ''), 'no application_name') AS application,
            coalesce(a.usename, '?') AS role_name,
            coalesce(a.datname, '?') AS database_name,
            count(*) AS connections,
            count(*) FILTER (WHERE a.state = 'idle') AS idle
        FROM pg_stat_activity AS a
        WHERE a.usesysid IS NOT NULL AND coalesce(a.backend_type, 'client backend') = 'client backend'
        GROUP BY 1, 2, 3
        ORDER BY 4 DESC
        LIMIT 4
    ) AS b
) AS h
LEFT JOIN (
    SELECT a.application_name AS idle_application, count(*) AS idle_connections
    FROM pg_stat_activity AS a
    WHERE a.datname = current_database() AND a.state = 'idle'
    GROUP BY 1
    ORDER BY 2 DESC
    LIMIT 1
) AS i ON true
