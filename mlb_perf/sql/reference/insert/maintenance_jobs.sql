-- The jobs that the package brings; an operator's changes to them stay.
SELECT performance_monitoring.maintenance_job(name) FROM (VALUES ('snapshot'), ('maintenance')) AS j (name);
