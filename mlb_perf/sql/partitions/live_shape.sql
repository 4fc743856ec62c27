-- The shape of a table as it is, for a rebuild: columns, constraints, unique indexes, and what a
-- rebuild cannot copy. With an empty search_path, so that every name is qualified.
SELECT
    c.oid::bigint AS oid,
    c.relkind = 'p' AS is_partitioned,
    c.relispartition AS is_partition,
    ARRAY(
        SELECT format('    %I %s', a.attname, CASE
            WHEN pg_get_serial_sequence(:table, a.attname) IS NOT NULL AND a.attidentity = '' THEN 'BIGSERIAL NOT NULL'
            ELSE concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || a.attcollation::regcollation END,
                'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
                CASE WHEN a.attnotnull THEN 'NOT NULL' END)
            END)
        FROM pg_attribute AS a
        JOIN pg_type AS t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
    ) AS columns,
    ARRAY(
        SELECT format('    CONSTRAINT %I %s', k.conname, concat_ws(' ', pg_get_constraintdef(k.oid),
            (SELECT 'WITH (' || array_to_string(x.reloptions, ', ') || ')'
             FROM pg_class AS x WHERE x.oid = k.conindid)))
        FROM pg_constraint AS k
        WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'x')
        ORDER BY k.contype DESC, k.conname
    ) AS constraints,
    ARRAY(
        SELECT pg_get_indexdef(i.indexrelid) FROM pg_index AS i
        WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
            AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.conrelid = c.oid)
        ORDER BY 1
    ) AS unique_indexes,
    ARRAY(
        SELECT format('the %s column %I', CASE a.attidentity WHEN '' THEN 'generated' ELSE 'identity' END, a.attname)
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attidentity <> '' OR a.attgenerated <> '')
        UNION ALL
        SELECT format('the inherited table %s', i.inhrelid::regclass)
        FROM pg_inherits AS i WHERE i.inhparent = c.oid AND c.relkind = 'r'
        UNION ALL
        SELECT 'being UNLOGGED' WHERE c.relpersistence = 'u'
        UNION ALL
        SELECT format('the constraint %I, which is NOT VALID', k.conname)
        FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'c' AND NOT k.convalidated
    ) AS obstacles
FROM pg_class AS c
WHERE c.oid = to_regclass(:table) AND c.relkind IN ('r', 'p')
