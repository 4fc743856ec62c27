-- drop: VIEW performance_monitoring.cache_hit
-- How much of what was read from each table and its indexes was in shared_buffers, 0 to 1; NULL
-- where nothing was read. The row without a table is the whole database.
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
    t.schemaname,
    t.relname,
    t.hit,
    t.read,
    round(t.hit / nullif(t.hit + t.read, 0)::numeric, 4),
    round(t.idx_blks_hit / nullif(t.idx_blks_hit + t.idx_blks_read, 0)::numeric, 4)
FROM (
    SELECT
        s.*,
        coalesce(s.heap_blks_hit, 0) + coalesce(s.idx_blks_hit, 0) + coalesce(s.toast_blks_hit, 0)
            + coalesce(s.tidx_blks_hit, 0) AS hit,
        coalesce(s.heap_blks_read, 0) + coalesce(s.idx_blks_read, 0) + coalesce(s.toast_blks_read, 0)
            + coalesce(s.tidx_blks_read, 0) AS read
    FROM pg_statio_user_tables AS s
) AS t;

COMMENT ON VIEW performance_monitoring.cache_hit IS
    'Share of reads found in shared_buffers, of the database and of each table';
