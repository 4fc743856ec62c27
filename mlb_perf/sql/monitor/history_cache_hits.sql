-- The share of block reads that the cache served, by the hour over 8 days. The server counts on
-- from its start: a count that is lower than the one before begins again.
WITH counts AS (
    SELECT date_trunc('hour', h.captured_at, 'UTC') AS moment,
        max(h.value) FILTER (WHERE h.figure = 'cache_hit_blocks') AS hits,
        max(h.value) FILTER (WHERE h.figure = 'cache_read_blocks') AS misses
    FROM performance_monitoring.status_history AS h
    WHERE h.captured_at > now() - interval '8 days'
        AND h.figure IN ('cache_hit_blocks', 'cache_read_blocks')
    GROUP BY 1
),
deltas AS (
    SELECT c.moment, c.hits - lag(c.hits) OVER hours AS hits, c.misses - lag(c.misses) OVER hours AS misses
    FROM counts AS c
    WINDOW hours AS (ORDER BY c.moment)
)
SELECT 'served by shared_buffers' AS name, d.moment, d.hits / (d.hits + d.misses) AS figure
FROM deltas AS d
WHERE d.hits >= 0 AND d.misses >= 0 AND d.hits + d.misses > 0
ORDER BY d.moment
