-- Indexes, CHECKs, foreign keys and triggers of a table that its shape does not mention: a rebuild keeps
-- them. With an empty search_path, so that every name in a definition is qualified.

SELECT
    'index' AS kind,
    c.relname AS name,
    pg_get_indexdef(i.indexrelid) AS definition,
    NULL AS referenced,
    true AS is_valid,
    s.spcname AS tablespace
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
WHERE i.indrelid = to_regclass(:table) AND NOT i.indisunique AND i.indisvalid
    AND NOT c.relname = ANY (CAST(:known AS text[]))
UNION ALL
SELECT 'check', k.conname, regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''), NULL,
    k.convalidated, NULL
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:table) AND k.contype = 'c'
    AND NOT k.conname = ANY (CAST(:known AS text[]))
UNION ALL
SELECT 'foreign key', k.conname, regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
    k.confrelid::regclass::text, k.convalidated, NULL
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:table) AND k.contype = 'f' AND k.conparentid = 0
    AND NOT k.conname = ANY (CAST(:known AS text[]))
UNION ALL
SELECT 'trigger', t.tgname, concat_ws('; ',
        pg_get_triggerdef(t.oid),
        format(CASE t.tgenabled
            WHEN 'D' THEN 'ALTER TABLE %s DISABLE TRIGGER %I'
            WHEN 'R' THEN 'ALTER TABLE %s ENABLE REPLICA TRIGGER %I'
            WHEN 'A' THEN 'ALTER TABLE %s ENABLE ALWAYS TRIGGER %I'
        END, :table, t.tgname),
        format('COMMENT ON TRIGGER %I ON %s IS ', t.tgname, :table)
            || quote_literal(obj_description(t.oid, 'pg_trigger'))
    ), NULL, true, NULL
FROM pg_trigger AS t
WHERE t.tgrelid = to_regclass(:table) AND NOT t.tgisinternal AND t.tgname NOT LIKE 'mlb\_perf\_sync%'
ORDER BY kind, name
