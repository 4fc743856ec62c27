-- One step of a revision into the log.

INSERT INTO {log} (
    revision, operation, object_name, status, duration_ms, lock_wait_ms, rows_affected,
    error_sqlstate, error_message
)
VALUES (
    :revision, :operation, :object_name, :status, :duration_ms, :lock_wait_ms, :rows_affected,
    :error_sqlstate, :error_message
)
