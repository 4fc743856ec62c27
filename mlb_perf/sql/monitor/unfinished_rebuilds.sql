-- Tables whose rebuild has begun and not ended, while no migration holds the runners' advisory lock
-- (mlb_perf.migrate.advisory_lock). Their triggers slow down each writer until it is finished.
SELECT
    format('%I.%I', r.schema_name, r.table_name) AS table_name,
    r.revision,
    r.direction,
    r.phase,
    CAST(extract(epoch FROM clock_timestamp() - r.updated_at) AS double precision) AS idle_seconds
FROM performance_monitoring.rebuilds AS r
WHERE r.phase <> 'finished'
    AND NOT EXISTS (
        SELECT FROM pg_locks AS l
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND l.classid = 1835819615 AND l.objid = 1885696614
    )
ORDER BY r.started_at
