-- The share of rejected records in what the promotions of each of the last 30 days handled.
SELECT 'rejected' AS name, d.day_start AS moment,
    sum(d.rows_rejected) / sum(d.rows_rejected + d.rows_written) AS figure
FROM performance_monitoring.pipeline_days AS d
WHERE d.stage = 'promote'
GROUP BY d.day_start
HAVING sum(d.rows_rejected + d.rows_written) > 0
ORDER BY moment
