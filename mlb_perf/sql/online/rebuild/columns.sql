-- The columns of a table in their order, with their types.

SELECT quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type_name
FROM pg_attribute AS a
WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
