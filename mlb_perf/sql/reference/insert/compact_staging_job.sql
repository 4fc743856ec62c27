-- The job that compacts the staged quotes of past games, turned on again where a downgrade turned it
-- off; an operator's changes to its command and its times stay.
INSERT INTO performance_monitoring.maintenance_jobs AS j (name, command, every_minutes)
VALUES ('compact_staging', 'SELECT * FROM performance_monitoring.compact_staging()', 60)
ON CONFLICT (name) DO UPDATE SET is_enabled = true, updated_at = now()
WHERE NOT j.is_enabled;
