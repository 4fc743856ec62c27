-- drop: VIEW performance_monitoring.table_growth
-- How fast each table grows: a line through its sizes in table_history over the last 30 days, and
-- where it leads; ratio_in_7_days is against the last snapshot that is older than 7 days, or the
-- first. The limit is the setting performance_monitoring.size_limit_bytes, or 32 TB, PostgreSQL's own.
-- Of the snapshots one in twelve hours is read: a line through all of them takes ten times as long.
CREATE VIEW performance_monitoring.table_growth WITH (security_invoker = true) AS
WITH RECURSIVE moments AS (
    SELECT max(h.captured_at) AS captured_at FROM performance_monitoring.table_history AS h
    UNION ALL
    SELECT (
        SELECT max(h.captured_at) FROM performance_monitoring.table_history AS h
        WHERE h.captured_at <= m.captured_at - interval '12 hours' AND h.captured_at > now() - interval '30 days'
    )
    FROM moments AS m
    WHERE m.captured_at IS NOT NULL
),
chosen AS (
    SELECT m.captured_at FROM moments AS m
    UNION
    SELECT min(h.captured_at) FROM performance_monitoring.table_history AS h
    WHERE h.captured_at > now() - interval '30 days'
    UNION
    SELECT max(h.captured_at) FROM performance_monitoring.table_history AS h
    WHERE h.captured_at <= now() - interval '7 days' AND h.captured_at > now() - interval '30 days'
),
days AS MATERIALIZED (
    SELECT c.captured_at, extract(epoch FROM c.captured_at - now())::double precision / 86400 AS day
    FROM chosen AS c
    WHERE c.captured_at > now() - interval '30 days'
),
sizes AS (
    SELECT
        h.schema_name, h.table_name, h.captured_at, h.live_rows::double precision AS live_rows, d.day,
        (h.heap_bytes + h.toast_bytes + h.index_bytes)::double precision AS total_bytes
    FROM days AS d
    JOIN performance_monitoring.table_history AS h ON h.captured_at = d.captured_at
),
line AS (
    SELECT
        s.schema_name, s.table_name,
        count(*) AS snapshots,
        min(s.captured_at) AS first_at,
        max(s.captured_at) FILTER (WHERE s.day <= -7) AS week_ago_at,
        max(s.captured_at) AS last_at,
        regr_slope(s.total_bytes, s.day) AS bytes_per_day,
        regr_slope(s.live_rows, s.day) AS rows_per_day,
        regr_r2(s.total_bytes, s.day) AS fit
    FROM sizes AS s
    GROUP BY s.schema_name, s.table_name
    -- Not to_regclass(), which fails in a schema that this role may not use.
    HAVING EXISTS (
        SELECT FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = s.schema_name AND c.relname = s.table_name
    )
),
trend AS (
    -- The sizes at the ends by their keys: to sort them within the groups takes five times as long.
    SELECT
        l.*,
        f.heap_bytes + f.toast_bytes + f.index_bytes AS first_bytes,
        w.heap_bytes + w.toast_bytes + w.index_bytes AS bytes_7_days_ago,
        h.heap_bytes + h.toast_bytes + h.index_bytes AS total_bytes,
        h.live_rows
    FROM line AS l
    JOIN performance_monitoring.table_history AS f
        ON (f.captured_at, f.schema_name, f.table_name) = (l.first_at, l.schema_name, l.table_name)
    JOIN performance_monitoring.table_history AS h
        ON (h.captured_at, h.schema_name, h.table_name) = (l.last_at, l.schema_name, l.table_name)
    LEFT JOIN performance_monitoring.table_history AS w
        ON (w.captured_at, w.schema_name, w.table_name) = (l.week_ago_at, l.schema_name, l.table_name)
)
SELECT
    t.schema_name,
    t.table_name,
    t.snapshots,
    t.first_at,
    t.last_at,
    t.first_bytes,
    t.total_bytes,
    t.live_rows,
    round(t.total_bytes / nullif(coalesce(t.bytes_7_days_ago, t.first_bytes), 0)::numeric, 3) AS ratio_in_7_days,
    round(t.bytes_per_day::numeric) AS bytes_per_day,
    round(t.rows_per_day::numeric) AS rows_per_day,
    round(t.fit::numeric, 3) AS fit,
    round((t.total_bytes + greatest(t.bytes_per_day, 0) * 30)::numeric) AS bytes_in_30_days,
    l.limit_bytes,
    CASE WHEN t.bytes_per_day > 0
        THEN round(((l.limit_bytes - t.total_bytes) / t.bytes_per_day)::numeric, 1) END AS days_to_limit
FROM trend AS t
CROSS JOIN (
    SELECT coalesce(
        nullif(current_setting('performance_monitoring.size_limit_bytes', true), '')::numeric,
        32.0 * 1024 ^ 4) AS limit_bytes
) AS l
ORDER BY t.bytes_per_day DESC NULLS LAST, t.schema_name, t.table_name;

COMMENT ON VIEW performance_monitoring.table_growth IS
    'Growth of each table by a line through its snapshots, forecast, and days to the limit';
GRANT SELECT ON performance_monitoring.table_growth TO pg_monitor;
