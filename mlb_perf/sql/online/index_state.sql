-- The object of this name, if there is one: whether it is an index of the table, valid, and its
-- definition; and whether the table has partitions.

SELECT
    c.oid IS NOT NULL AS is_there,
    coalesce(i.indrelid = t.oid, false) AS is_on_table,
    i.indisvalid AS is_valid,
    i.indrelid::regclass::text AS table_name,
    pg_get_indexdef(i.indexrelid) AS definition,
    c.relkind = 'I' AS is_partitioned,
    t.relkind = 'p' AS table_is_partitioned
FROM (SELECT to_regclass(:index)::oid AS index, to_regclass(:table)::oid AS its_table) AS g
LEFT JOIN pg_class AS c ON c.oid = g.index
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
LEFT JOIN pg_class AS t ON t.oid = g.its_table
