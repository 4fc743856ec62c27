-- drop: VIEW performance_monitoring.index_usage
-- How often each index was used, rolled up over partitions, and since when that is counted: since
-- the last reset, or, where there was none, at least since the server's start. Scans on a replica
-- are counted there. last_scan_at is NULL before PostgreSQL 16, which does not keep it.
CREATE VIEW performance_monitoring.index_usage WITH (security_invoker = true) AS
SELECT
    tn.nspname AS schema_name,
    t.relname AS table_name,
    c.relname AS index_name,
    c.oid AS index_oid,
    i.indisunique AS is_unique,
    i.indisprimary AS is_primary,
    EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = c.oid) AS is_constraint,
    i.indisvalid AS is_valid,
    c.relkind = 'I' AS is_partitioned,
    coalesce(u.leaves, 0) AS leaf_count,
    coalesce(u.scans, 0) AS scans,
    coalesce(u.entries_read, 0) AS entries_read,
    coalesce(u.rows_fetched, 0) AS rows_fetched,
    u.last_scan_at,
    coalesce(u.index_bytes, 0) AS index_bytes,
    d.statistics_since,
    clock_timestamp() - d.statistics_since AS statistics_age,
    pg_get_indexdef(c.oid) AS definition
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
JOIN pg_class AS t ON t.oid = i.indrelid
JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
CROSS JOIN (
    SELECT coalesce(s.stats_reset, pg_postmaster_start_time()) AS statistics_since
    FROM pg_stat_database AS s
    WHERE s.datname = current_database()
) AS d
LEFT JOIN (
    SELECT
        coalesce(pg_partition_root(s.indexrelid)::oid, s.indexrelid) AS root,
        count(*) AS leaves,
        sum(s.idx_scan)::bigint AS scans,
        sum(s.idx_tup_read)::bigint AS entries_read,
        sum(s.idx_tup_fetch)::bigint AS rows_fetched,
        max((to_jsonb(s) ->> 'last_idx_scan')::timestamptz) AS last_scan_at,
        sum(pg_relation_size(s.indexrelid))::bigint AS index_bytes
    FROM pg_stat_user_indexes AS s
    GROUP BY 1
) AS u ON u.root = c.oid
WHERE tn.nspname NOT IN ('pg_catalog', 'information_schema') AND tn.nspname !~ '^pg_(toast|temp)';

COMMENT ON VIEW performance_monitoring.index_usage IS
    'Use and size of each index, rolled up over partitions, and since when it is counted';
GRANT SELECT ON performance_monitoring.index_usage TO pg_monitor;
