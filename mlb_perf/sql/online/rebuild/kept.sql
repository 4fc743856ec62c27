-- The old tables that were kept, whole: with their partitions.

SELECT format('%I.%I', n.nspname, c.relname) AS name, n.nspname AS schema_name,
    pg_size_pretty((
        SELECT sum(pg_total_relation_size(s.oid))
        FROM (SELECT c.oid UNION SELECT t.relid FROM pg_partition_tree(c.oid) AS t) AS s
    )) AS size
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname LIKE 'mlb\_perf\_before\_%'
    AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition
ORDER BY name
