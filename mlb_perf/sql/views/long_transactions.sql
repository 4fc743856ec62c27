-- drop: VIEW performance_monitoring.long_transactions
-- Open transactions, oldest first, prepared ones (without a pid) included: each keeps VACUUM from
-- removing what died after it began, and holds up concurrent index builds. Without pg_monitor
-- those of other roles are named, but without times: is_visible is false.
CREATE VIEW performance_monitoring.long_transactions WITH (security_invoker = true) AS
SELECT
    a.pid,
    a.usename AS role_name,
    a.datname AS database_name,
    a.state,
    clock_timestamp() - a.xact_start AS transaction_age,
    CASE WHEN a.state LIKE 'idle%' THEN clock_timestamp() - a.state_change END AS idle_for,
    age(a.backend_xmin) AS xmin_age,
    a.wait_event_type,
    a.application_name,
    a.query,
    a.query IS DISTINCT FROM '<insufficient privilege>' AS is_visible,
    format('SELECT pg_terminate_backend(%s)', a.pid) AS end_statement
FROM pg_stat_activity AS a
WHERE a.pid <> pg_backend_pid()
    AND (
        a.backend_type = 'client backend' AND a.xact_start IS NOT NULL
        -- Every transaction holds its own virtual id, which everybody may see.
        OR a.query = '<insufficient privilege>' AND a.usesysid IS NOT NULL
        AND a.pid IN (SELECT l.pid FROM pg_locks AS l WHERE l.locktype = 'virtualxid' AND l.granted)
    )
UNION ALL
SELECT
    NULL, p.owner, p.database, 'prepared', clock_timestamp() - p.prepared, NULL,
    age(p.transaction), NULL, NULL, NULL, true, format('ROLLBACK PREPARED %L', p.gid)
FROM pg_prepared_xacts AS p
ORDER BY transaction_age DESC NULLS LAST, pid;

COMMENT ON VIEW performance_monitoring.long_transactions IS
    'Open and prepared transactions of this server, oldest first';
GRANT SELECT ON performance_monitoring.long_transactions TO pg_monitor;
