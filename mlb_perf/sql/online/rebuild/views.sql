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
    JOIN pg_class AS c ON c.oid = w.ev_class AND c.relkind IN ('v', 'm')
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
    c.relowner AS owner,
    c.relacl::text AS privileges,
    ARRAY(
        SELECT pg_get_indexdef(i.indexrelid) FROM pg_index AS i WHERE i.indrelid = c.oid ORDER BY 1
    ) AS indexes,
    ARRAY(
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger AS t
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ORDER BY 1
    ) AS triggers,
    ARRAY(
        SELECT regexp_replace(pg_get_ruledef(w.oid), ';\s*$', '') FROM pg_rewrite AS w
        WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN' ORDER BY w.rulename
    ) AS rules,
    ARRAY(
        SELECT format('%I SET DEFAULT %s', a.attname, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef AS d
        JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE d.adrelid = c.oid ORDER BY a.attnum
    ) AS defaults,
    ARRAY(
        SELECT format('COMMENT ON INDEX %s IS %L', i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class'))
        FROM pg_index AS i
        WHERE i.indrelid = c.oid AND obj_description(i.indexrelid, 'pg_class') IS NOT NULL
        UNION ALL
        SELECT format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, c.oid::regclass,
            obj_description(t.oid, 'pg_trigger'))
        FROM pg_trigger AS t
        WHERE t.tgrelid = c.oid AND obj_description(t.oid, 'pg_trigger') IS NOT NULL
        UNION ALL
        SELECT format('COMMENT ON RULE %I ON %s IS %L', w.rulename, c.oid::regclass,
            obj_description(w.oid, 'pg_rewrite'))
        FROM pg_rewrite AS w
        WHERE w.ev_class = c.oid AND obj_description(w.oid, 'pg_rewrite') IS NOT NULL
    ) AS details,
    ARRAY(
        SELECT format('%I IS %L', a.attname, col_description(c.oid, a.attnum))
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NOT NULL
    ) AS column_comments
FROM (SELECT oid, max(depth) AS depth FROM reading GROUP BY oid) AS found
JOIN pg_class AS c ON c.oid = found.oid AND c.relkind IN ('v', 'm')
JOIN pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY found.depth, n.nspname, c.relname
