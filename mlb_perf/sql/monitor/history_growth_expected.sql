-- All tables together now and in 30 days, if each of them grows on as it does.
SELECT 'all tables' AS name, p.moment, p.figure
FROM (
    SELECT max(t.last_at) AS last_at, sum(t.total_bytes) AS total_bytes, sum(t.bytes_in_30_days) AS bytes_in_30_days
    FROM performance_monitoring.table_growth AS t
    HAVING max(t.last_at) IS NOT NULL
) AS g
CROSS JOIN LATERAL (VALUES
    (g.last_at, g.total_bytes), (g.last_at + interval '30 days', g.bytes_in_30_days)
) AS p (moment, figure)
ORDER BY moment
