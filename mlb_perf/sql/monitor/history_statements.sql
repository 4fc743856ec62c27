-- The mean of the six statements that took most time in the last day, one snapshot in three hours.
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
deltas AS (
    SELECT h.query_id, h.role_name, h.captured_at, left(h.query_text, 60) AS query_text,
        h.calls - lag(h.calls) OVER same AS calls, h.total_ms - lag(h.total_ms) OVER same AS total_ms
    FROM moments AS m
    JOIN performance_monitoring.query_history AS h ON h.captured_at = m.captured_at
    WINDOW same AS (PARTITION BY h.query_id, h.role_name ORDER BY h.captured_at)
),
slowest AS (
    SELECT d.query_id, d.role_name
    FROM deltas AS d
    WHERE d.calls > 0 AND d.captured_at > now() - interval '1 day'
    GROUP BY d.query_id, d.role_name
    ORDER BY sum(d.total_ms) DESC
    LIMIT 6
)
SELECT format('%s: %s', d.query_id, d.query_text) AS name, d.captured_at AS moment, d.total_ms / d.calls AS figure
FROM deltas AS d
JOIN slowest AS s ON (s.query_id, s.role_name) = (d.query_id, d.role_name)
WHERE d.calls > 0 AND d.total_ms >= 0
ORDER BY name, moment
