-- Runs whose runner is gone: whoever holds the runners' lock is the only one, so none is running.
UPDATE performance_monitoring.maintenance_runs AS r
SET status = 'cancelled', finished_at = clock_timestamp(),
    error_message = 'the runner ended before the job did'
WHERE r.status = 'running' AND r.details ->> 'runner' = :runner
