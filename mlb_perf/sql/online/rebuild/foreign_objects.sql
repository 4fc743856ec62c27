-- Indexes, foreign keys and triggers of a table that its shape does not have: somebody's own.

SELECT 'index' AS kind, c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass(:table) AND NOT i.indisunique AND NOT c.relname = ANY (CAST(:known AS text[]))
UNION ALL
SELECT 'foreign key', k.conname,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', :table, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:table) AND k.contype = 'f' AND k.conparentid = 0
    AND NOT k.conname = ANY (CAST(:known AS text[]))
UNION ALL
SELECT 'trigger', t.tgname, concat(pg_get_triggerdef(t.oid),
    format(CASE t.tgenabled
        WHEN 'D' THEN '; ALTER TABLE %s DISABLE TRIGGER %I'
        WHEN 'R' THEN '; ALTER TABLE %s ENABLE REPLICA TRIGGER %I'
        WHEN 'A' THEN '; ALTER TABLE %s ENABLE ALWAYS TRIGGER %I'
    END, :table, t.tgname))
FROM pg_trigger AS t
WHERE t.tgrelid = to_regclass(:table) AND NOT t.tgisinternal AND t.tgname NOT LIKE 'mlb\_perf\_sync%'
ORDER BY kind, name
