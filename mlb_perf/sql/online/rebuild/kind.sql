-- How a table is partitioned, and a kind of table that a rebuild cannot keep, in words.

SELECT
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partitions,
    CASE
        WHEN c.relpersistence <> 'p' THEN 'is UNLOGGED or temporary'
        WHEN c.relispartition THEN 'is a partition of another table'
        WHEN c.reloftype <> 0 THEN 'is a table of a type'
        WHEN EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid) THEN 'inherits another table'
        WHEN EXISTS (
            SELECT FROM pg_partition_tree(c.oid) AS t WHERE NOT t.isleaf AND t.level > 0
        ) THEN 'has partitions of partitions'
    END AS refused
FROM pg_class AS c
WHERE c.oid = to_regclass(:table) AND c.relkind IN ('r', 'p')
