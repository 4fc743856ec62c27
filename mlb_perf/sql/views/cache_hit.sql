-- drop: VIEW performance_monitoring.cache_hit
-- How much of what was read from each table and its indexes was in shared_buffers, 0 to 1, rolled
-- up over partitions; NULL where nothing was read. The row without a table is the whole database.
-- What the system's own cache held counts as read.
CREATE VIEW performance_monitoring.cache_hit WITH (security_invoker = true) AS
SELECT
    NULL::name AS schema_name,
    NULL::name AS table_name,
    d.blks_hit AS blocks_hit,
    d.blks_read AS blocks_read,
    round(d.blks_hit / nullif(d.blks_hit + d.blks_read, 0)::numeric, 4) AS hit_ratio,
    NULL::numeric AS index_hit_ratio
FROM pg_stat_database AS d
WHERE d.datname = current_database()
UNION ALL
SELECT
    n.nspname,
    c.relname,
    t.hit,
    t.read,
    round(t.hit / nullif(t.hit + t.read, 0)::numeric, 4),
    round(t.index_hit / nullif(t.index_hit + t.index_read, 0)::numeric, 4)
FROM (
    SELECT
        coalesce(pg_partition_root(s.relid)::oid, s.relid) AS root,
        sum(coalesce(s.heap_blks_hit, 0) + coalesce(s.idx_blks_hit, 0)
            + coalesce(s.toast_blks_hit, 0) + coalesce(s.tidx_blks_hit, 0))::bigint AS hit,
        sum(coalesce(s.heap_blks_read, 0) + coalesce(s.idx_blks_read, 0)
            + coalesce(s.toast_blks_read, 0) + coalesce(s.tidx_blks_read, 0))::bigint AS read,
        sum(s.idx_blks_hit) AS index_hit,
        sum(s.idx_blks_read) AS index_read
    FROM pg_statio_user_tables AS s
    GROUP BY 1
) AS t
JOIN pg_class AS c ON c.oid = t.root
JOIN pg_namespace AS n ON n.oid = c.relnamespace;

COMMENT ON VIEW performance_monitoring.cache_hit IS
    'Share of reads found in shared_buffers, of the database and of each table';
GRANT SELECT ON performance_monitoring.cache_hit TO pg_monitor;
