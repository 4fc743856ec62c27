-- The partitions of a table by month, and whether they are marked to be detached.
SELECT r.schema_name, r.partition_name, r.range_start, r.range_end, r.is_default, r.is_pending,
    coalesce(starts_with(obj_description(r.partition, 'pg_class'), 'mlb_perf detached: {'), false)
        AS is_marked,
    obj_description(r.partition, 'pg_class') AS comment,
    ARRAY(
        SELECT k.conname::text FROM pg_constraint AS k
        WHERE k.conrelid = r.partition AND k.contype = 'c' ORDER BY 1
    ) AS checks
FROM performance_monitoring.range_partitions(CAST(CAST(:oid AS oid) AS regclass)) AS r
