-- drop: VIEW performance_monitoring.long_transactions
-- Open transactions, oldest first: each keeps VACUUM from removing what died after it began, and
-- holds up concurrent index builds. Without pg_monitor those of other roles show no times.
CREATE VIEW performance_monitoring.long_transactions WITH (security_invoker = true) AS
SELECT
    a.pid,
    a.usename AS role_name,
    a.datname AS database_name,
    a.state,
    now() - a.xact_start AS transaction_age,
    CASE WHEN a.state LIKE 'idle%' THEN now() - a.state_change END AS idle_for,
    age(a.backend_xmin) AS xmin_age,
    a.wait_event_type,
    a.application_name,
    a.query,
    a.state IS NOT NULL AS is_visible,
    format('SELECT pg_terminate_backend(%s)', a.pid) AS end_statement
FROM pg_stat_activity AS a
WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
    AND (a.xact_start IS NOT NULL OR a.state IS NULL)
ORDER BY a.xact_start NULLS LAST, a.pid;

COMMENT ON VIEW performance_monitoring.long_transactions IS
    'Open transactions of this server''s sessions, oldest first';
