-- The statements that move an empty table, with its partitions and its indexes, to the tablespaces
-- of another.

WITH source AS (
    SELECT s.spcname
    FROM pg_class AS c
    JOIN pg_tablespace AS s ON s.oid = c.reltablespace
    WHERE c.oid = to_regclass(:source)
        OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:source)) AS t)
    ORDER BY c.oid = to_regclass(:source) DESC, c.oid DESC
    LIMIT 1
),
destination AS (
    SELECT to_regclass(:destination)::oid AS oid
    UNION
    SELECT t.relid FROM pg_partition_tree(to_regclass(:destination)) AS t
)
SELECT format('ALTER TABLE %s SET TABLESPACE %I', d.oid::regclass, s.spcname)
FROM destination AS d, source AS s
UNION ALL
SELECT format('ALTER INDEX %s SET TABLESPACE %I', i.indexrelid::regclass, s.spcname)
FROM pg_index AS o
JOIN pg_class AS c ON c.oid = o.indexrelid
JOIN pg_tablespace AS s ON s.oid = c.reltablespace
JOIN destination AS d ON true
JOIN pg_index AS i ON i.indrelid = d.oid
JOIN pg_class AS n ON n.oid = i.indexrelid
LEFT JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_class AS p ON p.oid = h.inhparent
WHERE o.indrelid = to_regclass(:source) AND coalesce(p.relname, n.relname) = c.relname
