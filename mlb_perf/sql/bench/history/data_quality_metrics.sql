-- Ten properties of each run, one in forty of them not met.
INSERT INTO operational.data_quality_metrics (
    execution_id, table_name, source, metric, value, threshold, is_met, measured_at
)
SELECT execution_id, 'staging', source, format('metric_%s', n), 99, 90,
    (execution_id * 10 + n) % 40 <> 0, finished_at
FROM operational.pipeline_execution_log
CROSS JOIN generate_series(1, 10) AS n
WHERE finished_at IS NOT NULL
