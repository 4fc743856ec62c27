-- Indexes, CHECKs and foreign keys of a shadow, apart from the indexes of its unique keys.

SELECT 'index' AS kind, c.oid::regclass::text AS name, c.relname AS bare_name, NULL AS definition
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass(:shadow) AND NOT i.indisunique
UNION ALL
SELECT 'key', quote_ident(k.conname), k.conname,
    regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:shadow) AND k.contype = 'f' AND k.conparentid = 0
UNION ALL
SELECT 'check', quote_ident(k.conname), k.conname,
    regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:shadow) AND k.contype = 'c'
ORDER BY kind, name
