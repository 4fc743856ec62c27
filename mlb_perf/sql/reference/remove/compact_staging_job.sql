-- The job stays with its log, and is off: its function goes.
UPDATE performance_monitoring.maintenance_jobs
SET is_enabled = false, updated_at = now()
WHERE name = 'compact_staging';
