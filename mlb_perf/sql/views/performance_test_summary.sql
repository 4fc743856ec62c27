-- drop: VIEW performance_monitoring.performance_test_summary
-- The latest result of each benchmark case, against its target and against the result before.
CREATE VIEW performance_monitoring.performance_test_summary WITH (security_invoker = true) AS
SELECT
    latest.category,
    latest.name,
    latest.iterations,
    latest.p50_ms,
    latest.p95_ms,
    latest.p99_ms,
    latest.target_ms,
    latest.p95_ms <= latest.target_ms AS is_met,
    latest.previous_p95_ms,
    latest.p95_ms / nullif(latest.previous_p95_ms, 0) AS ratio_to_previous,
    latest.row_count,
    latest.buffers_hit,
    latest.buffers_read,
    latest.indexes_used,
    latest.plan_fingerprint IS DISTINCT FROM latest.previous_fingerprint
        AND latest.previous_fingerprint IS NOT NULL AS plan_changed,
    latest.measured_at
FROM (
    SELECT
        r.*,
        lag(r.p95_ms) OVER same AS previous_p95_ms,
        lag(r.plan_fingerprint) OVER same AS previous_fingerprint,
        row_number() OVER (PARTITION BY r.category, r.name ORDER BY r.measured_at DESC, r.result_id DESC) AS place
    FROM performance_monitoring.benchmark_results AS r
    WINDOW same AS (PARTITION BY r.category, r.name ORDER BY r.measured_at, r.result_id)
) AS latest
WHERE latest.place = 1;

COMMENT ON VIEW performance_monitoring.performance_test_summary IS
    'The latest result of each benchmark case, with its target and the result before';
GRANT SELECT ON performance_monitoring.performance_test_summary TO pg_monitor;
