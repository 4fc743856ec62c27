-- The indexes of a table that are in a tablespace of their own.
SELECT c.relname AS name, s.spcname AS tablespace
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_tablespace AS s ON s.oid = c.reltablespace
WHERE i.indrelid = to_regclass(:table)
ORDER BY 1
