-- Tables whose statistics are absent or of the past, partitions within their parents: autovacuum
-- never analyzes a partitioned table itself. Those that the planner knows nothing of come first.
SELECT
    n.nspname AS schema_name,
    c.relname AS table_name,
    c.reltuples < 0 AS is_unanalyzed,
    size.bytes,
    size.changed_rows,
    size.live_rows,
    greatest(t.last_analyze, t.last_autoanalyze) AS analyzed_at
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_user_tables AS t ON t.relid = c.oid
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(pg_relation_size(p.relid)), 0)::bigint AS bytes,
        coalesce(sum(s.n_mod_since_analyze), 0)::bigint AS changed_rows,
        coalesce(sum(s.n_live_tup), 0)::bigint AS live_rows
    FROM pg_partition_tree(c.oid) AS p
    LEFT JOIN pg_stat_user_tables AS s ON s.relid = p.relid
    WHERE p.isleaf
) AS size
WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
ORDER BY is_unanalyzed DESC, size.bytes DESC, schema_name, table_name
