-- The newest run of each stage, one after another by the index.
SELECT known.stage, run.source, run.status, run.started_at, run.finished_at, run.rows_read,
    run.rows_written, run.rows_rejected, run.error_message
FROM (VALUES ('load'), ('stage'), ('promote'), ('features'), ('grade')) AS known (stage)
LEFT JOIN LATERAL (
    SELECT *
    FROM operational.pipeline_execution_log AS l
    WHERE l.stage = known.stage
    ORDER BY l.started_at DESC
    LIMIT 1
) AS run ON true
