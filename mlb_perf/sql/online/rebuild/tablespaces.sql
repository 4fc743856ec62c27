-- The statements that move a table, with its partitions and its indexes, to the tablespaces of
-- another; none if they are there. A table with partitions has that of the newest one, if it has none.

WITH base AS (  -- 0 stands for it in pg_class
    SELECT d.dattablespace AS oid FROM pg_database AS d WHERE d.datname = current_database()
),
source AS (
    SELECT coalesce(nullif(c.reltablespace, 0), b.oid) AS oid
    FROM base AS b, pg_class AS c
    WHERE c.oid = to_regclass(:source)
        OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:source)) AS t)
    ORDER BY c.reltablespace = 0, c.oid = to_regclass(:source) DESC, c.oid DESC
    LIMIT 1
),
destination AS (
    SELECT c.oid, c.reltablespace
    FROM pg_class AS c
    WHERE c.oid = to_regclass(:destination)
        OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:destination)) AS t)
),
wanted AS (
    SELECT 'TABLE' AS kind, d.oid, d.reltablespace AS present, s.oid AS wanted
    FROM destination AS d, source AS s
    UNION ALL
    SELECT 'INDEX', i.indexrelid, n.reltablespace, coalesce(nullif(c.reltablespace, 0), b.oid)
    FROM base AS b, pg_index AS o
    JOIN pg_class AS c ON c.oid = o.indexrelid
    JOIN destination AS d ON true
    JOIN pg_index AS i ON i.indrelid = d.oid
    JOIN pg_class AS n ON n.oid = i.indexrelid
    LEFT JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid
    LEFT JOIN pg_class AS p ON p.oid = h.inhparent
    WHERE o.indrelid = to_regclass(:source) AND coalesce(p.relname, n.relname) = c.relname
)
SELECT format('ALTER %s %s SET TABLESPACE %I', w.kind, w.oid::regclass, t.spcname)
FROM base AS b, wanted AS w
JOIN pg_tablespace AS t ON t.oid = w.wanted
WHERE coalesce(nullif(w.present, 0), b.oid) <> w.wanted
