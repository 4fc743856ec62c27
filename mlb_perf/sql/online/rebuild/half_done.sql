-- Which revision rebuilt tables last, in which direction, and how far each table is.

SELECT r.revision, r.direction,
    string_agg(format('%s.%s is %s', r.schema_name, r.table_name, r.phase), ', '
        ORDER BY r.started_at) AS tables
FROM performance_monitoring.rebuilds AS r
GROUP BY r.revision, r.direction
ORDER BY r.revision, r.direction
