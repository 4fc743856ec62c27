-- drop: VIEW performance_monitoring.query_trends
-- What became slower: the mean of each statement over the last day against the week before, from
-- the differences between snapshots, of which one in three hours is read. A difference across a reset
-- of the statistics is left out.
CREATE VIEW performance_monitoring.query_trends WITH (security_invoker = true) AS
WITH RECURSIVE moments AS (
    SELECT max(h.captured_at) AS captured_at FROM performance_monitoring.query_history AS h
    UNION ALL
    SELECT (
        SELECT max(h.captured_at) FROM performance_monitoring.query_history AS h
        WHERE h.captured_at <= m.captured_at - interval '3 hours' AND h.captured_at > now() - interval '8 days'
    )
    FROM moments AS m
    WHERE m.captured_at IS NOT NULL
),
chosen AS (
    SELECT m.captured_at FROM moments AS m
    UNION
    SELECT max(h.captured_at) FROM performance_monitoring.query_history AS h
    WHERE h.captured_at <= now() - interval '1 day' AND h.captured_at > now() - interval '8 days'
    UNION
    SELECT min(h.captured_at) FROM performance_monitoring.query_history AS h
    WHERE h.captured_at > now() - interval '8 days'
),
deltas AS (
    SELECT
        h.query_id, h.role_name, h.captured_at,
        h.calls - lag(h.calls) OVER same AS calls,
        h.total_ms - lag(h.total_ms) OVER same AS total_ms
    FROM chosen AS c
    JOIN performance_monitoring.query_history AS h ON h.captured_at = c.captured_at
    WHERE h.captured_at > now() - interval '8 days'
    WINDOW same AS (PARTITION BY h.query_id, h.role_name ORDER BY h.captured_at)
),
periods AS (
    SELECT
        d.query_id, d.role_name,
        max(d.captured_at) AS last_at,
        sum(d.calls) FILTER (WHERE d.captured_at > now() - interval '1 day')::bigint AS recent_calls,
        sum(d.total_ms) FILTER (WHERE d.captured_at > now() - interval '1 day') AS recent_ms,
        sum(d.calls) FILTER (WHERE d.captured_at <= now() - interval '1 day')::bigint AS earlier_calls,
        sum(d.total_ms) FILTER (WHERE d.captured_at <= now() - interval '1 day') AS earlier_ms
    FROM deltas AS d
    WHERE d.calls > 0 AND d.total_ms >= 0
    GROUP BY d.query_id, d.role_name
)
SELECT
    p.query_id,
    p.role_name,
    h.query_text,
    p.recent_calls,
    p.recent_ms / p.recent_calls AS recent_mean_ms,
    p.earlier_calls,
    p.earlier_ms / p.earlier_calls AS earlier_mean_ms,
    (p.recent_ms / p.recent_calls) / nullif(p.earlier_ms / p.earlier_calls, 0) AS ratio,
    p.recent_ms - p.recent_calls * p.earlier_ms / p.earlier_calls AS ms_lost
FROM periods AS p
JOIN performance_monitoring.query_history AS h
    ON (h.captured_at, h.query_id, h.role_name) = (p.last_at, p.query_id, p.role_name)
WHERE p.recent_calls > 0 AND p.earlier_calls > 0
ORDER BY ms_lost DESC;

COMMENT ON VIEW performance_monitoring.query_trends IS
    'The mean of each statement over the last day against the week before, from query_history';
GRANT SELECT ON performance_monitoring.query_trends TO pg_monitor;
