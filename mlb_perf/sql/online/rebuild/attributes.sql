-- The properties of columns that a user can alter: type, default, NOT NULL.

SELECT
    a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type_name,
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_value,
    a.attnotnull AS is_not_null
FROM pg_attribute AS a
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
