-- A run of a job begins; who began it is noted, so that the next runner knows it for its own kind.
INSERT INTO performance_monitoring.maintenance_runs (job_id, started_at, details)
VALUES (:job_id, clock_timestamp(), jsonb_build_object('runner', CAST(:runner AS text)))
RETURNING run_id
