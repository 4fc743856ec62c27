-- The columns of a table in their order, with their types and defaults, and whether two values of
-- the type can be compared and hashed without a surprise.

SELECT
    quote_ident(a.attname) AS name,
    format_type(a.atttypid, a.atttypmod) AS type_name,
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_value,
    a.attgenerated <> '' AS is_generated,
    coalesce(nullif(t.typbasetype, 0), t.oid) = ANY (CAST(ARRAY[
        'int2', 'int4', 'int8', 'bool', 'text', 'varchar', 'bpchar', 'name', 'numeric', 'float4',
        'float8', 'date', 'time', 'timestamp', 'timestamptz', 'interval', 'uuid', 'bytea', 'jsonb'
    ] AS regtype[])) AS has_usual_equality
FROM pg_attribute AS a
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
