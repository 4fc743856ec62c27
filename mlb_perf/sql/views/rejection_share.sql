-- drop: VIEW performance_monitoring.rejection_share
-- The share of rejected records in what promotions handled: the last day, and the week before it.
-- Only standing rejections count: one that was promoted after all is none.
CREATE VIEW performance_monitoring.rejection_share WITH (security_invoker = true) AS
WITH rejected AS (
    SELECT r.source, r.reason_code, r.rejected_at > now() - interval '1 day' AS is_recent, count(*) AS records
    FROM staging.rejected_records AS r
    WHERE r.resolved_at IS NULL AND r.rejected_at > now() - interval '8 days'
    GROUP BY 1, 2, 3
),
handled AS (
    SELECT
        coalesce(sum(l.rows_written) FILTER (WHERE l.started_at > now() - interval '1 day'), 0) AS recent,
        coalesce(sum(l.rows_written) FILTER (WHERE l.started_at <= now() - interval '1 day'), 0) AS earlier
    FROM operational.pipeline_execution_log AS l
    WHERE l.stage = 'promote' AND l.started_at > now() - interval '8 days'
),
counted AS (
    SELECT
        coalesce(sum(r.records) FILTER (WHERE r.is_recent), 0) AS recent,
        coalesce(sum(r.records) FILTER (WHERE NOT r.is_recent), 0) AS earlier
    FROM rejected AS r
)
SELECT
    c.recent::bigint AS rejected,
    (h.recent + c.recent)::bigint AS handled,
    round(c.recent / nullif(h.recent + c.recent, 0), 4) AS share,
    round(c.earlier / nullif(h.earlier + c.earlier, 0), 4) AS share_before,
    most.source AS most_source,
    most.reason_code AS most_reason_code,
    most.records AS most_records
FROM handled AS h
CROSS JOIN counted AS c
LEFT JOIN LATERAL (
    SELECT r.source, r.reason_code, r.records FROM rejected AS r WHERE r.is_recent
    ORDER BY r.records DESC, r.source, r.reason_code LIMIT 1
) AS most ON true;

COMMENT ON VIEW performance_monitoring.rejection_share IS
    'Share of rejected records in what promotions handled: of the last day, and of the week before';
GRANT SELECT ON performance_monitoring.rejection_share TO pg_monitor;
