-- The object of this name: whether it is an index of the table, valid, and its definition.

SELECT
    i.indrelid = to_regclass(:table) AS is_on_table,
    i.indisvalid AS is_valid,
    i.indrelid::regclass::text AS table_name,
    pg_get_indexdef(i.indexrelid) AS definition,
    c.relkind = 'I' AS is_partitioned
FROM pg_class AS c
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE c.oid = to_regclass(:index)
