-- The age of each feed's newest row, the oldest of each hour.
SELECT h.object_name AS name, date_trunc('hour', h.captured_at, 'UTC') AS moment, max(h.value) AS figure
FROM performance_monitoring.status_history AS h
WHERE h.captured_at > now() - interval '8 days' AND h.figure = 'feed_age_seconds'
GROUP BY 1, 2
ORDER BY name, moment
