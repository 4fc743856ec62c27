-- The job that makes the months ahead, a day after the last time; an operator's interval stays.
INSERT INTO performance_monitoring.maintenance_jobs (name, command, every_minutes)
VALUES ('partitions', 'SELECT * FROM performance_monitoring.create_partitions_ahead()', 1440)
ON CONFLICT (name) DO UPDATE SET is_enabled = true, updated_at = now();
