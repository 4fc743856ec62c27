-- How a partitioned table is partitioned, and the number of its partitions.

SELECT
    pg_get_partkeydef(c.oid) AS clause,
    (SELECT count(*) FROM pg_inherits AS i WHERE i.inhparent = c.oid) AS leaves
FROM pg_class AS c
WHERE c.oid = to_regclass(:table) AND c.relkind = 'p'
