-- Indexes that are used now and then, against the rows that are written to them.
SELECT
    u.schema_name, u.table_name, u.index_name, u.index_bytes, u.scans, u.statistics_age, w.writes,
    round(w.writes / u.scans::numeric, 1) AS writes_of_a_scan,
    format('DROP INDEX %s%I.%I', CASE WHEN u.is_partitioned THEN '' ELSE 'CONCURRENTLY ' END,
        u.schema_name, u.index_name) AS drop_statement
FROM performance_monitoring.index_usage AS u
JOIN (
    SELECT
        n.nspname, c.relname,
        sum(s.n_tup_ins + s.n_tup_upd - s.n_tup_hot_upd + s.n_tup_del)::bigint AS writes
    FROM pg_stat_user_tables AS s
    JOIN pg_class AS c ON c.oid = coalesce(pg_partition_root(s.relid)::oid, s.relid)
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    GROUP BY 1, 2
) AS w ON (w.nspname, w.relname) = (u.schema_name, u.table_name)
WHERE u.scans > 0 AND u.is_valid AND NOT u.is_unique AND NOT u.is_constraint
ORDER BY writes_of_a_scan DESC, u.schema_name, u.index_name
