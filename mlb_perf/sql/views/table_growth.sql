-- drop: VIEW performance_monitoring.table_growth
-- How fast each table grows: a line through its sizes in table_history, and where it leads. The
-- limit is the setting performance_monitoring.size_limit_bytes, or 32 TB, PostgreSQL's own.
CREATE VIEW performance_monitoring.table_growth WITH (security_invoker = true) AS
WITH sizes AS (
    SELECT
        h.schema_name, h.table_name, h.captured_at, h.live_rows,
        h.heap_bytes + h.toast_bytes + h.index_bytes AS total_bytes
    FROM performance_monitoring.table_history AS h
),
trend AS (
    SELECT
        s.schema_name, s.table_name,
        count(*) AS snapshots,
        min(s.captured_at) AS first_at,
        max(s.captured_at) AS last_at,
        (array_agg(s.total_bytes ORDER BY s.captured_at))[1] AS first_bytes,
        (array_agg(s.total_bytes ORDER BY s.captured_at DESC))[1] AS total_bytes,
        (array_agg(s.live_rows ORDER BY s.captured_at DESC))[1] AS live_rows,
        regr_slope(s.total_bytes, extract(epoch FROM s.captured_at)) * 86400 AS bytes_per_day,
        regr_slope(s.live_rows, extract(epoch FROM s.captured_at)) * 86400 AS rows_per_day,
        regr_r2(s.total_bytes, extract(epoch FROM s.captured_at)) AS fit
    FROM sizes AS s
    GROUP BY s.schema_name, s.table_name
),
bounded AS (
    SELECT t.*, coalesce(
        nullif(current_setting('performance_monitoring.size_limit_bytes', true), '')::numeric,
        32.0 * 1024 ^ 4) AS limit_bytes
    FROM trend AS t
)
SELECT
    b.schema_name,
    b.table_name,
    b.snapshots,
    b.first_at,
    b.last_at,
    b.first_bytes,
    b.total_bytes,
    b.live_rows,
    round(b.bytes_per_day::numeric) AS bytes_per_day,
    round(b.rows_per_day::numeric) AS rows_per_day,
    round(b.fit::numeric, 3) AS fit,
    round((b.total_bytes + greatest(b.bytes_per_day, 0) * 30)::numeric) AS bytes_in_30_days,
    b.limit_bytes,
    CASE WHEN b.bytes_per_day > 0
        THEN round(((b.limit_bytes - b.total_bytes) / b.bytes_per_day)::numeric, 1) END AS days_to_limit
FROM bounded AS b
ORDER BY bytes_per_day DESC NULLS LAST, b.schema_name, b.table_name;

COMMENT ON VIEW performance_monitoring.table_growth IS
    'Growth of each table by a line through its snapshots, forecast, and days to the limit';
