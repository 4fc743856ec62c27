-- The columns of a table in their order, with their types and their place in the primary key.

SELECT
    quote_ident(a.attname) AS name,
    format_type(a.atttypid, a.atttypmod) AS type_name,
    array_position(i.indkey::smallint[], a.attnum) AS key_position
FROM pg_attribute AS a
LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
