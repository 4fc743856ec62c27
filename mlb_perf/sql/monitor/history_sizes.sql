-- Sizes of the eight largest tables over 30 days, one snapshot in twelve hours.
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
largest AS (
    SELECT g.schema_name, g.table_name
    FROM performance_monitoring.table_growth AS g
    ORDER BY g.total_bytes DESC
    LIMIT 8
)
SELECT format('%s.%s', l.schema_name, l.table_name) AS name, h.captured_at AS moment,
    h.heap_bytes + h.toast_bytes + h.index_bytes AS figure
FROM moments AS m
JOIN performance_monitoring.table_history AS h ON h.captured_at = m.captured_at
JOIN largest AS l ON (l.schema_name, l.table_name) = (h.schema_name, h.table_name)
ORDER BY name, moment
