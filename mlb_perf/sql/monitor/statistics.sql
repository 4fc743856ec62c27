-- Tables whose statistics are absent or of the past, partitions within their parents: autovacuum
-- never analyzes a partitioned table itself. Those that the planner knows nothing of come first.
WITH held AS (
    SELECT
        coalesce(pg_partition_root(c.oid)::oid, c.oid) AS root,
        sum(pg_relation_size(c.oid))::bigint AS bytes,
        coalesce(sum(s.n_mod_since_analyze), 0)::bigint AS changed_rows,
        coalesce(sum(s.n_live_tup), 0)::bigint AS live_rows
    FROM pg_class AS c
    LEFT JOIN pg_stat_user_tables AS s ON s.relid = c.oid
    WHERE c.relkind IN ('r', 'm', 'p')
    GROUP BY 1
)
SELECT
    n.nspname AS schema_name,
    c.relname AS table_name,
    c.reltuples < 0 AS is_unanalyzed,
    h.bytes,
    h.changed_rows,
    h.live_rows,
    greatest(t.last_analyze, t.last_autoanalyze) AS analyzed_at
FROM held AS h
JOIN pg_class AS c ON c.oid = h.root
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_user_tables AS t ON t.relid = c.oid
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
ORDER BY is_unanalyzed DESC, h.bytes DESC, schema_name, table_name
