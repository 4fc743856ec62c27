-- The tables in which the rows of a table lie: itself, or its partitions; their files and blocks.

SELECT
    c.oid,
    c.oid::regclass::text AS name,
    pg_relation_filenode(c.oid) AS filenode,
    pg_relation_size(c.oid) / current_setting('block_size')::bigint AS blocks
FROM pg_class AS c
WHERE c.relkind = 'r'
    AND (
        c.oid = to_regclass(:table)
        OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:table)) AS t)
    )
ORDER BY c.oid
