-- A line for each part of a table's definition: if none of them changes, nothing was added to the
-- table or altered. A part with a row of its own in the catalog is recognised by the transaction that
-- wrote the row, which is quicker than its text: this runs under the swap's lock. The sync's own
-- triggers are left out, and so is all that a partition has from its table.

WITH RECURSIVE t AS (SELECT to_regclass(:table)::oid AS oid),
tree AS (
    SELECT array_agg(x.oid) AS oids
    FROM (SELECT t.oid FROM t UNION SELECT p.relid FROM t, pg_partition_tree(t.oid) AS p) AS x
),
reader AS (  -- the views that read the table
    SELECT t.oid FROM t
    UNION
    SELECT w.ev_class
    FROM reader AS r
    JOIN pg_depend AS d
        ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite AS w ON w.oid = d.objid
),
replaced AS (
    SELECT array_agg(x.oid) AS oids
    FROM (SELECT unnest(tree.oids) AS oid FROM tree UNION SELECT r.oid FROM reader AS r) AS x
)
SELECT concat_ws(' ', 'table', c.oid, c.relname, c.relowner, c.relacl, c.reloptions,
    (SELECT o.reloptions FROM pg_class AS o WHERE o.oid = c.reltoastrelid), c.reltablespace,
    c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relpersistence,
    obj_description(c.oid, 'pg_class')) AS line
FROM tree JOIN pg_class AS c ON c.oid = ANY (tree.oids)
UNION ALL
SELECT concat_ws(' ', 'column', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    d.oid, d.xmin, a.attidentity, a.attgenerated, a.attcollation, a.attstorage,
    a.attcompression, a.attstattarget, a.attoptions, a.attacl, col_description(a.attrelid, a.attnum))
FROM t
JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT concat_ws(' ', 'columns', a.attrelid, sum(hashtext(a.xmin::text)), sum(hashtext(d.xmin::text)))
FROM t
CROSS JOIN tree
JOIN pg_attribute AS a ON a.attrelid = ANY (tree.oids) AND a.attrelid <> t.oid AND a.attnum > 0
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
GROUP BY a.attrelid
UNION ALL
SELECT concat_ws(' ', 'constraint', k.oid, k.xmin, k.conname, obj_description(k.oid, 'pg_constraint'))
FROM t CROSS JOIN tree JOIN pg_constraint AS k ON k.conrelid = ANY (tree.oids)
WHERE k.conrelid = t.oid OR (k.conparentid = 0 AND k.coninhcount = 0)
UNION ALL
SELECT concat_ws(' ', 'index', i.indexrelid, i.xmin, c.relname, c.reloptions, c.reltablespace,
    obj_description(i.indexrelid, 'pg_class'))
FROM tree JOIN pg_index AS i ON i.indrelid = ANY (tree.oids) JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE NOT c.relispartition
UNION ALL
SELECT concat_ws(' ', 'trigger', g.oid, g.xmin, g.tgname, obj_description(g.oid, 'pg_trigger'))
FROM tree JOIN pg_trigger AS g ON g.tgrelid = ANY (tree.oids)
WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND g.tgname NOT LIKE 'mlb\_perf\_sync%'
UNION ALL
SELECT concat_ws(' ', 'reference', f.oid, f.xmin, f.conname)
FROM tree JOIN pg_constraint AS f ON f.confrelid = ANY (tree.oids) AND f.contype = 'f' AND f.conparentid = 0
WHERE f.conname NOT LIKE 'mlb\_perf\_next\_%'
UNION ALL
SELECT concat_ws(' ', 'statistics', s.oid, s.xmin)
FROM tree JOIN pg_statistic_ext AS s ON s.stxrelid = ANY (tree.oids)
UNION ALL
SELECT concat_ws(' ', 'published', r.oid, r.xmin)
FROM tree JOIN pg_publication_rel AS r ON r.prrelid = ANY (tree.oids)
UNION ALL
SELECT concat_ws(' ', 'policy', p.oid, p.xmin)
FROM tree JOIN pg_policy AS p ON p.polrelid = ANY (tree.oids)
UNION ALL
SELECT concat_ws(' ', 'rule', r.oid, r.xmin)
FROM tree JOIN pg_rewrite AS r ON r.ev_class = ANY (tree.oids)
UNION ALL
SELECT concat_ws(' ', 'needed by', d.classid, d.objid, d.objsubid)
FROM pg_depend AS d
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ((SELECT o.oids FROM replaced AS o)::oid[])
    AND d.deptype = 'n'
UNION ALL
SELECT concat_ws(' ', 'type needed by', d.classid, d.objid, d.objsubid)
FROM pg_depend AS d
WHERE d.refclassid = 'pg_type'::regclass AND d.deptype = 'n'
    AND d.refobjid = ANY (ARRAY(
        SELECT unnest(ARRAY[y.oid, y.typarray])
        FROM replaced AS o
        JOIN pg_class AS c ON c.oid = ANY (o.oids)
        JOIN pg_type AS y ON y.oid = c.reltype
    ))
ORDER BY line
