-- The statements that give one table the comments of another: of the table, its columns, its
-- constraints and its indexes, by their names. :own are the columns whose comments the new shape
-- sets itself; '' among them stands for the table.

WITH t AS (
    SELECT to_regclass(:source)::oid AS source, to_regclass(:destination)::oid AS destination
),
found AS (
    SELECT format('TABLE %s', :destination) AS object,
        obj_description(t.source, 'pg_class') AS comment,
        obj_description(t.destination, 'pg_class') AS present
    FROM t
    WHERE '' <> ALL (CAST(:own AS text[]))
    UNION ALL
    SELECT format('COLUMN %s.%I', :destination, n.attname),
        col_description(t.source, o.attnum), col_description(t.destination, n.attnum)
    FROM t
    JOIN pg_attribute AS o ON o.attrelid = t.source AND o.attnum > 0 AND NOT o.attisdropped
    JOIN pg_attribute AS n ON n.attrelid = t.destination AND n.attname = o.attname
    WHERE n.attname <> ALL (CAST(:own AS text[]))
    UNION ALL
    SELECT format('CONSTRAINT %I ON %s', n.conname, :destination),
        obj_description(o.oid, 'pg_constraint'), obj_description(n.oid, 'pg_constraint')
    FROM t
    JOIN pg_constraint AS o ON o.conrelid = t.source
    JOIN pg_constraint AS n ON n.conrelid = t.destination AND n.conname = o.conname
    UNION ALL
    SELECT format('INDEX %s', n.indexrelid::regclass),
        obj_description(o.indexrelid, 'pg_class'), obj_description(n.indexrelid, 'pg_class')
    FROM t
    JOIN pg_index AS o ON o.indrelid = t.source
    JOIN pg_class AS oc ON oc.oid = o.indexrelid
    JOIN pg_index AS n ON n.indrelid = t.destination
    JOIN pg_class AS nc ON nc.oid = n.indexrelid AND nc.relname = oc.relname
)
SELECT format('COMMENT ON %s IS %L', f.object, f.comment)
FROM found AS f
WHERE f.comment IS DISTINCT FROM f.present
ORDER BY 1
