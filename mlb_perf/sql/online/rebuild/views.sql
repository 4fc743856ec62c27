-- Views and materialised views that read a table, directly or through others, nearest first.
-- With an empty search_path, so that every name in a definition is qualified.

WITH RECURSIVE reading AS (
    SELECT CAST(to_regclass(:table) AS oid) AS oid, 0 AS depth
    UNION
    SELECT w.ev_class, r.depth + 1
    FROM reading AS r
    JOIN pg_depend AS d
        ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite AS w ON w.oid = d.objid AND w.ev_class <> r.oid
    WHERE r.depth < 20
)
SELECT
    c.oid,
    n.nspname AS schema_name,
    c.relname AS name,
    c.relkind = 'm' AS is_materialised,
    c.relispopulated AS is_populated,
    array_to_string(c.reloptions, ', ') AS options,
    regexp_replace(pg_get_viewdef(c.oid), ';\s*$', '') AS definition,
    obj_description(c.oid, 'pg_class') AS comment,
    ARRAY(
        SELECT pg_get_indexdef(i.indexrelid) FROM pg_index AS i WHERE i.indrelid = c.oid ORDER BY 1
    ) AS indexes,
    ARRAY(
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger AS t
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ORDER BY 1
    ) AS triggers,
    ARRAY(
        SELECT format('%I IS %L', a.attname, col_description(c.oid, a.attnum))
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NOT NULL
    ) AS column_comments
FROM (SELECT oid, max(depth) AS depth FROM reading GROUP BY oid) AS found
JOIN pg_class AS c ON c.oid = found.oid AND c.relkind IN ('v', 'm')
JOIN pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY found.depth, n.nspname, c.relname
