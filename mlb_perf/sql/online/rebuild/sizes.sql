-- Rows, by the statistics, and bytes of a table with its partitions, and the number of its indexes.
-- A table without statistics, never analyzed, is taken to have a hundred bytes a row.

SELECT
    coalesce(sum(CASE
        WHEN c.reltuples >= 0 THEN c.reltuples
        ELSE pg_relation_size(c.oid) / 100
    END), 0)::bigint AS rows,
    coalesce(sum(pg_table_size(c.oid)), 0)::bigint AS table_bytes,
    coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS total_bytes,
    (SELECT count(*) FROM pg_index AS i WHERE i.indrelid = to_regclass(:table)) AS indexes
FROM pg_class AS c
WHERE c.relkind = 'r'
    AND (
        c.oid = to_regclass(:table)
        OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:table)) AS t)
    )
