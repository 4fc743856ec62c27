-- How a run ended; a function that knows the run, as run_maintenance() does, has added its own part.
UPDATE performance_monitoring.maintenance_runs AS r
SET status = :status, finished_at = clock_timestamp(), error_sqlstate = :error_sqlstate,
    error_message = :error_message, details = r.details || CAST(:details AS jsonb)
WHERE r.run_id = :run_id
