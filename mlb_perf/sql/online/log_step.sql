-- One step of a revision into the log.

INSERT INTO performance_monitoring.optimization_log (
    revision, operation, object_name, status, duration_ms, lock_wait_ms, rows_affected,
    error_sqlstate, error_message
)
VALUES (
    :revision, :operation, :object_name, :status, :duration_ms, :lock_wait_ms, :rows_affected,
    :error_sqlstate, :error_message
)
