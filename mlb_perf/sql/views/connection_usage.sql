-- drop: VIEW performance_monitoring.connection_usage
-- How many of the server's connections are taken, by whom and in what state; used_ratio is of all
-- together against what roles that are no superusers can have. States of other roles need pg_monitor.
CREATE VIEW performance_monitoring.connection_usage WITH (security_invoker = true) AS
SELECT
    coalesce(a.usename, '?') AS role_name,
    coalesce(a.datname, '?') AS database_name,
    coalesce(a.state, 'not visible') AS state,
    count(*) AS connections,
    (sum(count(*)) OVER ())::bigint AS connections_of_all,
    l.available,
    round(sum(count(*)) OVER () / l.available, 4) AS used_ratio,
    max(clock_timestamp() - a.state_change) AS longest_in_state
FROM pg_stat_activity AS a
CROSS JOIN (
    -- reserved_connections came with PostgreSQL 16.
    SELECT current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer
        - coalesce(current_setting('reserved_connections', true)::integer, 0) AS available
) AS l
-- Whose session is not visible has no backend_type; all but the server's own have a role.
WHERE a.backend_type = 'client backend' OR a.backend_type IS NULL AND a.usesysid IS NOT NULL
GROUP BY a.usename, a.datname, a.state, l.available
ORDER BY connections DESC, role_name, database_name, state;

COMMENT ON VIEW performance_monitoring.connection_usage IS
    'Connections by role, database and state, and how many of all are taken';
GRANT SELECT ON performance_monitoring.connection_usage TO pg_monitor;
