-- The statements that give one table the indexes, CHECKs, foreign keys and triggers of another, other
-- than the :known ones. With an empty search_path, so that every name in a definition is qualified.

SELECT replace(replace(i.definition, format(' ON ONLY %s ', :source), format(' ON %s ', :source)),
    format(' ON %s ', :source), format(' ON %s ', :destination)) AS statement
FROM (
    SELECT pg_get_indexdef(x.indexrelid) AS definition
    FROM pg_index AS x
    JOIN pg_class AS c ON c.oid = x.indexrelid
    WHERE x.indrelid = to_regclass(:source) AND NOT x.indisunique AND x.indisvalid
        AND NOT c.relname = ANY (CAST(:known AS text[]))
) AS i
UNION ALL
SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', :destination, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:source) AND k.contype IN ('c', 'f') AND k.conparentid = 0
    AND NOT k.conname = ANY (CAST(:known AS text[]))
UNION ALL
SELECT replace(pg_get_triggerdef(t.oid), format(' ON %s ', :source), format(' ON %s ', :destination))
FROM pg_trigger AS t
WHERE t.tgrelid = to_regclass(:source) AND NOT t.tgisinternal AND t.tgparentid = 0
ORDER BY statement
