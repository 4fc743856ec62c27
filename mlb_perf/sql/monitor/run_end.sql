-- How a run ended. A function that logs itself, as run_maintenance() does, has left a later row of
-- the same job: that one says more, and this one goes.
WITH own AS (
    SELECT r.run_id
    FROM performance_monitoring.maintenance_runs AS r
    WHERE r.run_id = :run_id AND :status = 'succeeded' AND EXISTS (
        SELECT FROM performance_monitoring.maintenance_runs AS l
        WHERE l.job_id = r.job_id AND l.run_id > r.run_id AND l.status = 'succeeded'
    )
),
gone AS (
    DELETE FROM performance_monitoring.maintenance_runs AS r USING own WHERE r.run_id = own.run_id
)
UPDATE performance_monitoring.maintenance_runs AS r
SET status = :status, finished_at = clock_timestamp(), error_sqlstate = :error_sqlstate,
    error_message = :error_message, details = r.details || CAST(:details AS jsonb)
WHERE r.run_id = :run_id AND r.run_id NOT IN (SELECT own.run_id FROM own)
