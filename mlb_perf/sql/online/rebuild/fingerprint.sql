-- The definition of a table, a line for each part: if none of them changes, nothing was added to the
-- table or altered. The sync's own triggers are left out. With an empty search_path.

WITH t AS (SELECT to_regclass(:table)::oid AS oid),
tree AS (
    SELECT t.oid FROM t
    UNION
    SELECT p.relid FROM t, pg_partition_tree(t.oid) AS p
)
SELECT concat_ws(' ', 'table', c.oid::regclass, c.relowner::regrole, c.relacl, c.reloptions,
    (SELECT o.reloptions FROM pg_class AS o WHERE o.oid = c.reltoastrelid), c.reltablespace,
    c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relpersistence,
    obj_description(c.oid, 'pg_class')) AS line
FROM tree JOIN pg_class AS c ON c.oid = tree.oid
UNION ALL
SELECT concat_ws(' ', 'column', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation, a.attstorage,
    a.attcompression, a.attstattarget, a.attoptions, a.attacl, col_description(a.attrelid, a.attnum))
FROM t
JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT concat_ws(' ', 'constraint', k.conname, pg_get_constraintdef(k.oid), k.convalidated,
    obj_description(k.oid, 'pg_constraint'))
FROM t JOIN pg_constraint AS k ON k.conrelid = t.oid
UNION ALL
SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered,
    i.indisreplident, c.reltablespace, obj_description(i.indexrelid, 'pg_class'))
FROM t JOIN pg_index AS i ON i.indrelid = t.oid JOIN pg_class AS c ON c.oid = i.indexrelid
UNION ALL
SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(g.oid), g.tgenabled, obj_description(g.oid, 'pg_trigger'))
FROM t JOIN pg_trigger AS g ON g.tgrelid = t.oid
WHERE NOT g.tgisinternal AND g.tgname NOT LIKE 'mlb\_perf\_sync%'
UNION ALL
SELECT concat_ws(' ', 'reference', f.conrelid::regclass, f.conname, pg_get_constraintdef(f.oid),
    f.convalidated)
FROM t JOIN pg_constraint AS f ON f.confrelid = t.oid AND f.contype = 'f' AND f.conparentid = 0
WHERE f.conname NOT LIKE 'mlb\_perf\_next\_%'
UNION ALL
SELECT concat_ws(' ', 'policy', p.polrelid::regclass, p.polname)
FROM tree JOIN pg_policy AS p ON p.polrelid = tree.oid
UNION ALL
SELECT concat_ws(' ', 'rule', r.ev_class::regclass, r.rulename)
FROM tree JOIN pg_rewrite AS r ON r.ev_class = tree.oid
UNION ALL
SELECT concat_ws(' ', 'needed by', d.classid::regclass, d.objid, d.objsubid)
FROM tree JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = tree.oid
WHERE d.deptype = 'n'
UNION ALL
SELECT concat_ws(' ', 'type needed by', d.classid::regclass, d.objid, d.objsubid)
FROM tree
JOIN pg_class AS c ON c.oid = tree.oid
JOIN pg_type AS y ON y.oid = c.reltype
JOIN pg_depend AS d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray)
WHERE d.deptype = 'n'
ORDER BY line
