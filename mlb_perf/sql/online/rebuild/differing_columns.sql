-- The columns of a table that its old shape, an empty table, has otherwise, in words.

SELECT format('the column %I, which differs from the old shape', coalesce(o.attname, s.attname)) AS name
FROM (
    SELECT a.*, d.adbin FROM pg_attribute AS a
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
) AS o
FULL JOIN (
    SELECT a.*, d.adbin FROM pg_attribute AS a
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = to_regclass(:shape) AND a.attnum > 0
) AS s ON s.attname = o.attname
WHERE (o.atttypid, o.atttypmod) IS DISTINCT FROM (s.atttypid, s.atttypmod)
    OR (o.attnotnull AND o.attidentity = '') <> s.attnotnull AND o.attidentity = ''
    OR (
        pg_get_expr(o.adbin, o.attrelid) IS DISTINCT FROM pg_get_expr(s.adbin, s.attrelid)
        AND pg_get_serial_sequence(:table, o.attname) IS NULL
    )
