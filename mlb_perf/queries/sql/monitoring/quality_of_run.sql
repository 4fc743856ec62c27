SELECT table_name, source, metric, value, threshold, is_met
FROM operational.data_quality_metrics
WHERE execution_id = CAST(:execution_id AS bigint)
ORDER BY table_name, source, metric
