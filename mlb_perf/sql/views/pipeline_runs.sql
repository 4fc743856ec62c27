-- drop: VIEW performance_monitoring.pipeline_runs
-- Runs of the last 7 days that failed, or began and have not ended, with no success after them: a
-- load counts by its file, a promotion by its stage. A run whose process was killed stays running.
CREATE VIEW performance_monitoring.pipeline_runs WITH (security_invoker = true) AS
SELECT
    l.stage,
    l.source,
    l.details ->> 'file' AS file_name,
    count(*) FILTER (WHERE l.status = 'failed') AS failures,
    (array_agg(l.status ORDER BY l.started_at DESC))[1] AS last_status,
    max(l.started_at) AS last_started_at,
    clock_timestamp() - max(l.started_at) AS age,
    (array_agg(l.error_sqlstate ORDER BY l.started_at DESC) FILTER (WHERE l.status = 'failed'))[1] AS error_sqlstate,
    (array_agg(l.error_message ORDER BY l.started_at DESC) FILTER (WHERE l.status = 'failed'))[1] AS error_message
FROM operational.pipeline_execution_log AS l
WHERE l.status <> 'succeeded' AND l.status <> 'cancelled' AND l.started_at > now() - interval '7 days'
    AND NOT EXISTS (
        SELECT
        FROM operational.pipeline_execution_log AS s
        WHERE s.stage = l.stage
            AND s.stage IN ('load', 'stage', 'promote', 'features', 'grade')
            AND s.started_at > now() - interval '7 days'
            AND s.started_at > l.started_at
            AND s.status = 'succeeded'
            AND coalesce(s.details ->> 'file', s.source, '') = coalesce(l.details ->> 'file', l.source, '')
    )
GROUP BY l.stage, l.source, l.details ->> 'file'
ORDER BY last_started_at DESC;

COMMENT ON VIEW performance_monitoring.pipeline_runs IS
    'Loads and promotions of the last 7 days that failed or never ended, and have not succeeded since';
GRANT SELECT ON performance_monitoring.pipeline_runs TO pg_monitor;
