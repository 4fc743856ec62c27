-- Names of a table, its indexes and its sequences that another schema has already.
SELECT DISTINCT c.relname
FROM pg_class AS c
WHERE c.oid = to_regclass(:leaf)
    OR c.oid IN (SELECT i.indexrelid FROM pg_index AS i WHERE i.indrelid = to_regclass(:leaf))
INTERSECT
SELECT t.relname
FROM pg_class AS t
JOIN pg_namespace AS n ON n.oid = t.relnamespace
WHERE n.nspname = :schema
ORDER BY 1
