SELECT table_name, source, metric, value, threshold, measured_at
FROM operational.data_quality_metrics
WHERE NOT is_met
  AND measured_at >= CAST(:since AS timestamptz)
ORDER BY measured_at DESC
LIMIT 100
