-- The tables that hold the rows of a table: itself, or its partitions; their files and blocks, and
-- the transaction that attached each.

SELECT
    c.oid,
    c.oid::regclass::text AS name,
    pg_relation_filenode(c.oid) AS filenode,
    pg_relation_size(c.oid) / current_setting('block_size')::bigint AS blocks,
    h.xmin::text AS attached
FROM pg_class AS c
LEFT JOIN pg_inherits AS h ON h.inhrelid = c.oid
WHERE c.relkind = 'r'
    AND (
        c.oid = to_regclass(:table)
        OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:table)) AS t)
    )
ORDER BY c.oid
