-- Rows and bytes of each table of the pipeline, partitions with it: heap, TOAST and maps, indexes.

SELECT n.nspname AS schema_name, c.relname AS table_name,
    sum(greatest(s.reltuples, 0))::bigint AS rows,
    sum(pg_table_size(s.oid))::bigint AS table_bytes,
    sum(pg_indexes_size(s.oid))::bigint AS index_bytes
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT t.relid AS oid FROM pg_partition_tree(c.oid) AS t WHERE t.isleaf
    UNION
    SELECT c.oid WHERE c.relkind = 'r'
) AS leaf
JOIN pg_class AS s ON s.oid = leaf.oid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname IN ('raw_data', 'staging', 'curated', 'analytics', 'operational')
GROUP BY n.nspname, c.relname
ORDER BY sum(pg_total_relation_size(s.oid)) DESC
