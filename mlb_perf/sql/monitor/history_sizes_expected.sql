-- The same tables now and in 30 days, as their growth goes on.
SELECT format('%s.%s', g.schema_name, g.table_name) AS name, p.moment, p.figure
FROM (
    SELECT * FROM performance_monitoring.table_growth AS t ORDER BY t.total_bytes DESC LIMIT 8
) AS g
CROSS JOIN LATERAL (VALUES
    (g.last_at, g.total_bytes::numeric), (g.last_at + interval '30 days', g.bytes_in_30_days)
) AS p (moment, figure)
ORDER BY name, moment
