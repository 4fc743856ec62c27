-- drop: VIEW performance_monitoring.pipeline_days
-- What the runs of each of the last 30 days did, by stage and source.
CREATE VIEW performance_monitoring.pipeline_days WITH (security_invoker = true) AS
SELECT
    date_trunc('day', l.started_at, 'UTC') AS day_start,
    l.stage,
    l.source,
    count(*) AS runs,
    count(*) FILTER (WHERE l.status = 'failed') AS failures,
    sum(l.rows_read)::bigint AS rows_read,
    sum(l.rows_written)::bigint AS rows_written,
    sum(l.rows_rejected)::bigint AS rows_rejected
FROM operational.pipeline_execution_log AS l
WHERE l.stage IN ('load', 'stage', 'promote', 'features', 'grade') AND l.started_at > now() - interval '30 days'
GROUP BY 1, 2, 3
ORDER BY 1 DESC, 2, 3;

COMMENT ON VIEW performance_monitoring.pipeline_days IS
    'Runs, rows and rejections of each of the last 30 days, by stage and source';
GRANT SELECT ON performance_monitoring.pipeline_days TO pg_monitor;
