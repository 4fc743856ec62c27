-- drop: VIEW performance_monitoring.phase1_fixed_summary
-- phase1_summary by the name that earlier scripts use.
CREATE VIEW performance_monitoring.phase1_fixed_summary WITH (security_invoker = true) AS
SELECT * FROM performance_monitoring.phase1_summary;

COMMENT ON VIEW performance_monitoring.phase1_fixed_summary IS
    'The same as phase1_summary, by the name that earlier scripts use';
GRANT SELECT ON performance_monitoring.phase1_fixed_summary TO pg_monitor;
