-- The job that makes the months ahead, turned on again where a downgrade turned it off; an operator's
-- changes to its command and its times stay.
INSERT INTO performance_monitoring.maintenance_jobs AS j (name, command, every_minutes)
VALUES ('partitions', 'SELECT * FROM performance_monitoring.create_partitions_ahead()', 1440)
ON CONFLICT (name) DO UPDATE SET is_enabled = true, updated_at = now()
WHERE NOT j.is_enabled;
