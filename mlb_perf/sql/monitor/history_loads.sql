-- Rows that were loaded on each of the last 30 days, by feed.
SELECT coalesce(d.source, 'unknown') AS name, d.day_start AS moment, d.rows_written AS figure
FROM performance_monitoring.pipeline_days AS d
WHERE d.stage = 'load'
ORDER BY name, moment
