-- How often each table is read as a whole and how often by an index, partitions within their parents.
SELECT
    n.nspname AS schema_name,
    c.relname AS table_name,
    c.relkind = 'p' AS is_partitioned,
    s.sequential_scans,
    s.index_scans,
    s.live_rows,
    round(s.rows_read / nullif(s.sequential_scans, 0)) AS rows_of_a_scan,
    round(s.sequential_scans / nullif(s.sequential_scans + s.index_scans, 0)::numeric, 4) AS share
FROM (
    SELECT
        coalesce(pg_partition_root(t.relid)::oid, t.relid) AS root,
        sum(t.seq_scan)::bigint AS sequential_scans,
        sum(t.seq_tup_read)::numeric AS rows_read,
        sum(coalesce(t.idx_scan, 0))::bigint AS index_scans,
        sum(t.n_live_tup)::bigint AS live_rows
    FROM pg_stat_user_tables AS t
    GROUP BY 1
) AS s
JOIN pg_class AS c ON c.oid = s.root
JOIN pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY rows_of_a_scan DESC NULLS LAST, schema_name, table_name
