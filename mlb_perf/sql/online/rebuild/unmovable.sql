-- Objects that a rebuild of a table would lose, or that would stop its swap, in words: of the table
-- and of each partition, and whatever depends on them or on the views that read the table.

WITH RECURSIVE tree AS (  -- the table, and its partitions
    SELECT to_regclass(:table)::oid AS oid, '' AS place
    UNION
    SELECT p.relid, format(' on the partition %s', p.relid::regclass)
    FROM pg_partition_tree(to_regclass(:table)) AS p
    WHERE p.level > 0
),
leaf AS (SELECT t.* FROM tree AS t WHERE t.place <> ''),
reader AS (  -- the views that read the table, which are created again
    SELECT to_regclass(:table)::oid AS oid
    UNION
    SELECT w.ev_class
    FROM reader AS r
    JOIN pg_depend AS d
        ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite AS w ON w.oid = d.objid
    JOIN pg_class AS c ON c.oid = w.ev_class AND c.relkind IN ('v', 'm')
),
replaced AS (  -- all that is dropped at the end: tables, views, and their row types
    SELECT 'pg_class'::regclass::oid AS classid, o.oid AS objid
    FROM (SELECT oid FROM tree UNION SELECT oid FROM reader) AS o
    UNION
    SELECT 'pg_type'::regclass, y.oid
    FROM (SELECT oid FROM tree UNION SELECT oid FROM reader) AS o
    JOIN pg_class AS c ON c.oid = o.oid
    JOIN pg_type AS e ON e.oid = c.reltype
    CROSS JOIN unnest(ARRAY[e.oid, e.typarray]) AS y (oid)
)
SELECT format('policy %I%s', p.polname, t.place) AS name
FROM tree AS t JOIN pg_policy AS p ON p.polrelid = t.oid
UNION
SELECT 'row level security' || t.place
FROM tree AS t JOIN pg_class AS c ON c.oid = t.oid
WHERE c.relrowsecurity OR c.relforcerowsecurity
UNION
SELECT format('a replica identity of its own%s', t.place)
FROM tree AS t JOIN pg_class AS c ON c.oid = t.oid
WHERE c.relreplident <> 'd'
UNION
SELECT format('rule %I%s', r.rulename, t.place)
FROM tree AS t JOIN pg_rewrite AS r ON r.ev_class = t.oid
UNION
SELECT format('constraint %I', k.conname)
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:table) AND k.contype IN ('u', 'x', 'p')
    AND NOT k.conname = ANY (CAST(:known AS text[]))
    AND k.conname NOT LIKE 'mlb\_perf\_referenced\_%'
UNION
SELECT format('unique index %s', i.indexrelid::regclass)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass(:table) AND i.indisunique
    AND NOT c.relname = ANY (CAST(:known AS text[]))
    AND c.relname NOT LIKE 'mlb\_perf\_referenced\_%'
UNION
SELECT format('foreign key %I to the table itself', f.conname)
FROM pg_constraint AS f
WHERE f.conrelid = to_regclass(:table) AND f.confrelid = f.conrelid AND f.contype = 'f'
    AND f.conparentid = 0
UNION
SELECT format('foreign key of the partitioned table %s', f.conrelid::regclass)
FROM pg_constraint AS f JOIN pg_class AS c ON c.oid = f.conrelid
WHERE f.confrelid = to_regclass(:table) AND f.contype = 'f' AND f.conparentid = 0 AND c.relkind = 'p'
    AND f.conrelid <> f.confrelid
UNION
-- One partition's own: the new table has other partitions, or none.
SELECT format('constraint %I%s', k.conname, l.place)
FROM leaf AS l JOIN pg_constraint AS k ON k.conrelid = l.oid
WHERE k.contype IN ('c', 'f', 'u', 'x', 'p') AND k.conparentid = 0 AND k.coninhcount = 0
UNION
SELECT format('foreign key %I of %s%s', k.conname, k.conrelid::regclass, l.place)
FROM leaf AS l JOIN pg_constraint AS k ON k.confrelid = l.oid
WHERE k.contype = 'f' AND k.conparentid = 0
UNION
SELECT format('index %s%s', i.indexrelid::regclass, l.place)
FROM leaf AS l JOIN pg_index AS i ON i.indrelid = l.oid
WHERE NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.conrelid = l.oid)
UNION
SELECT format('trigger %I%s', g.tgname, l.place)
FROM leaf AS l JOIN pg_trigger AS g ON g.tgrelid = l.oid
WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND g.tgname NOT LIKE 'mlb\_perf\_sync%'
UNION
SELECT format('statistics %s.%I%s', s.stxnamespace::regnamespace, s.stxname, l.place)
FROM leaf AS l JOIN pg_statistic_ext AS s ON s.stxrelid = l.oid
WHERE pg_get_statisticsobjdef_columns(s.oid) NOT IN (  -- a month has those of its table
    SELECT pg_get_statisticsobjdef_columns(x.oid) FROM pg_statistic_ext AS x
    WHERE x.stxrelid = to_regclass(:table)
)
UNION
SELECT format('publication %I%s', p.pubname, l.place)
FROM leaf AS l
JOIN pg_publication_rel AS r ON r.prrelid = l.oid
JOIN pg_publication AS p ON p.oid = r.prpubid
UNION
SELECT format('%s granted to %s%s', x.privilege_type,
    CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END, l.place)
FROM leaf AS l
JOIN pg_class AS c ON c.oid = l.oid
JOIN pg_class AS r ON r.oid = to_regclass(:table)
CROSS JOIN aclexplode(c.relacl) AS x
WHERE x.grantee <> c.relowner
    AND NOT EXISTS (
        SELECT FROM aclexplode(r.relacl) AS y
        WHERE (y.grantee, y.privilege_type) = (x.grantee, x.privilege_type)
    )
    AND NOT EXISTS (
        SELECT FROM pg_default_acl AS a, aclexplode(a.defaclacl) AS y
        WHERE a.defaclobjtype = 'r' AND a.defaclnamespace IN (0, c.relnamespace)
            AND (y.grantee, y.privilege_type) = (x.grantee, x.privilege_type)
    )
UNION
SELECT 'comment' || l.place
FROM leaf AS l
WHERE obj_description(l.oid, 'pg_class') IS NOT NULL
UNION
SELECT format('%s of the column %I%s', x.what, n.attname, l.place)
FROM leaf AS l
JOIN pg_attribute AS n ON n.attrelid = l.oid AND n.attnum > 0 AND NOT n.attisdropped
JOIN pg_attribute AS p ON p.attrelid = to_regclass(:table) AND p.attname = n.attname
LEFT JOIN pg_attrdef AS own ON own.adrelid = n.attrelid AND own.adnum = n.attnum
LEFT JOIN pg_attrdef AS its ON its.adrelid = p.attrelid AND its.adnum = p.attnum
CROSS JOIN LATERAL (
    VALUES
        ('default', pg_get_expr(own.adbin, own.adrelid) IS DISTINCT FROM pg_get_expr(its.adbin, its.adrelid)),
        ('NOT NULL', n.attnotnull AND NOT p.attnotnull),
        ('privileges', EXISTS (
            SELECT a.grantee, a.privilege_type FROM aclexplode(n.attacl) AS a
            EXCEPT SELECT a.grantee, a.privilege_type FROM aclexplode(p.attacl) AS a
        ))
) AS x (what, is_own)
WHERE x.is_own
UNION
-- Anything else that needs them, which a DROP would name too late.
SELECT concat(pg_describe_object(d.classid, d.objid, d.objsubid), l.place)
FROM replaced AS o
JOIN pg_depend AS d ON (d.refclassid, d.refobjid) = (o.classid, o.objid) AND d.deptype = 'n'
LEFT JOIN leaf AS l ON o.classid = 'pg_class'::regclass AND l.oid = o.objid
LEFT JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
LEFT JOIN pg_attrdef AS f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
WHERE d.classid NOT IN ('pg_constraint'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass,
        'pg_publication_rel'::regclass)
    AND (
        w.oid IS NULL
        OR w.ev_class NOT IN (SELECT oid FROM reader UNION SELECT oid FROM tree)
        OR l.oid IS NOT NULL
    )
    -- Generated columns of the table itself.
    AND (f.oid IS NULL OR f.adrelid NOT IN (SELECT oid FROM tree))
    AND NOT EXISTS (
        SELECT FROM replaced AS mine WHERE (mine.classid, mine.objid) = (d.classid, d.objid)
    )
UNION
SELECT pg_describe_object(d.classid, d.objid, d.objsubid)
FROM replaced AS o
JOIN pg_depend AS d ON (d.refclassid, d.refobjid) = (o.classid, o.objid) AND d.deptype = 'n'
LEFT JOIN pg_policy AS p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
LEFT JOIN pg_trigger AS g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
WHERE d.classid IN ('pg_policy'::regclass, 'pg_trigger'::regclass)
    AND coalesce(p.polrelid, g.tgrelid) NOT IN (SELECT oid FROM tree UNION SELECT oid FROM reader)
UNION
-- Of another session, in whose schema no other session can create it.
SELECT format('view %s', c.oid::regclass)
FROM reader AS r
JOIN pg_class AS c ON c.oid = r.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname LIKE 'pg\_temp\_%'
ORDER BY name
