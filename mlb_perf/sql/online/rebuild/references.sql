-- Foreign keys of other tables that refer to a table.

SELECT
    f.oid,
    f.conrelid::regclass::text AS table_name,
    quote_ident(f.conname) AS name,
    pg_get_constraintdef(f.oid) AS definition,
    f.convalidated AS is_valid,
    c.relkind = 'p' AS is_partitioned,
    ARRAY(
        SELECT quote_ident(a.attname)
        FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.attnum
        ORDER BY k.place
    ) AS referenced_columns
FROM pg_constraint AS f
JOIN pg_class AS c ON c.oid = f.conrelid
WHERE f.confrelid = to_regclass(:table) AND f.contype = 'f' AND f.conparentid = 0
    AND f.conname NOT LIKE 'mlb\_perf\_next\_%'
ORDER BY table_name, name
