-- Each table of the given schemas with the bytes of all its partitions.
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    format('%I.%I', n.nspname, c.relname) AS quoted_name,
    sum(pg_relation_size(leaf.oid, 'main') + pg_relation_size(leaf.oid, 'fsm') + pg_relation_size(leaf.oid, 'vm'))::bigint
        AS heap_bytes,
    sum(coalesce(pg_total_relation_size(nullif(leaf.reltoastrelid, 0)), 0))::bigint AS toast_bytes,
    sum(pg_indexes_size(leaf.oid))::bigint AS index_bytes,
    count(*) FILTER (WHERE leaf.oid <> c.oid) AS partitions
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT t.relid FROM pg_partition_tree(c.oid) AS t WHERE t.isleaf
    UNION
    SELECT c.oid
) AS tree
JOIN pg_class AS leaf ON leaf.oid = tree.relid
WHERE n.nspname = ANY (CAST(:schemas AS text[]))
    AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition
GROUP BY n.nspname, c.relname
