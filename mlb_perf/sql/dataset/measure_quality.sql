-- The share of rejected rows of each promotion in the log, against its limit.
INSERT INTO operational.data_quality_metrics (
    metric_id, execution_id, table_name, source, metric, value, threshold, is_met, measured_at
)
SELECT row_number() OVER (ORDER BY execution_id), execution_id, details ->> 'table', source,
    'rejected_percent', round(100.0 * rows_rejected / rows_read, 4)::double precision, 5,
    100.0 * rows_rejected / rows_read <= 5, finished_at
FROM operational.pipeline_execution_log
WHERE stage = 'promote' AND rows_read > 0
