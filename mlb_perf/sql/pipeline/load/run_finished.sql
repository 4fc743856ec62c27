-- A load ends, well or not.
UPDATE operational.pipeline_execution_log
SET status = :status,
    finished_at = clock_timestamp(),
    rows_read = :read,
    rows_written = :loaded,
    rows_rejected = :malformed,
    error_sqlstate = :sqlstate,
    error_message = :message,
    details = details || CAST(:details AS jsonb)
WHERE execution_id = :execution_id
