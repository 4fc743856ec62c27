-- The size of all tables together over 30 days, one snapshot in twelve hours.
WITH RECURSIVE moments AS (
    SELECT max(h.captured_at) AS captured_at FROM performance_monitoring.table_history AS h
    UNION ALL
    SELECT (
        SELECT max(h.captured_at) FROM performance_monitoring.table_history AS h
        WHERE h.captured_at <= m.captured_at - interval '12 hours' AND h.captured_at > now() - interval '30 days'
    )
    FROM moments AS m
    WHERE m.captured_at IS NOT NULL
)
SELECT 'all tables' AS name, h.captured_at AS moment, sum(h.heap_bytes + h.toast_bytes + h.index_bytes) AS figure
FROM moments AS m
JOIN performance_monitoring.table_history AS h ON h.captured_at = m.captured_at
GROUP BY h.captured_at
ORDER BY moment
