-- The job stays with the log of its runs, and runs no more.
UPDATE performance_monitoring.maintenance_jobs SET is_enabled = false, updated_at = now() WHERE name = 'partitions';
