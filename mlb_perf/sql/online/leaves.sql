-- The partitions of a table, and which of their indexes is attached to this one.

SELECT
    n.nspname AS schema_name,
    c.relname AS table_name,
    (
        SELECT x.indexrelid::regclass::text
        FROM pg_index AS x
        JOIN pg_inherits AS h ON h.inhrelid = x.indexrelid
        WHERE x.indrelid = c.oid AND h.inhparent = to_regclass(:index)
    ) AS attached_index
FROM pg_inherits AS p
JOIN pg_class AS c ON c.oid = p.inhrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE p.inhparent = to_regclass(:table)
ORDER BY c.relname
