-- What hangs on a table and is not made again by a rebuild, in words.

WITH t AS (
    SELECT c.oid, y.oid AS row_type, y.typarray AS array_type
    FROM pg_class AS c JOIN pg_type AS y ON y.typrelid = c.oid
    WHERE c.oid = to_regclass(:table)
)
SELECT format('policy %I', p.polname) AS name FROM t JOIN pg_policy AS p ON p.polrelid = t.oid
UNION ALL
SELECT 'row level security' FROM t JOIN pg_class AS c ON c.oid = t.oid
WHERE c.relrowsecurity OR c.relforcerowsecurity
UNION ALL
SELECT 'a replica identity of its own' FROM t JOIN pg_class AS c ON c.oid = t.oid
WHERE c.relreplident <> 'd'
UNION ALL
SELECT format('rule %I', r.rulename) FROM t JOIN pg_rewrite AS r ON r.ev_class = t.oid
UNION ALL
SELECT format('table %s, which inherits from it', h.inhrelid::regclass)
FROM t JOIN pg_inherits AS h ON h.inhparent = t.oid JOIN pg_class AS c ON c.oid = h.inhrelid
WHERE NOT c.relispartition
UNION ALL
SELECT format('constraint %I', k.conname)
FROM t JOIN pg_constraint AS k ON k.conrelid = t.oid
WHERE k.contype IN ('c', 'u', 'x', 'p') AND NOT k.conname = ANY (CAST(:known AS text[]))
    AND k.conname NOT LIKE 'mlb\_perf\_referenced\_%'
UNION ALL
SELECT format('unique index %s', i.indexrelid::regclass)
FROM t JOIN pg_index AS i ON i.indrelid = t.oid JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indisunique AND NOT c.relname = ANY (CAST(:known AS text[]))
    AND c.relname NOT LIKE 'mlb\_perf\_referenced\_%'
UNION ALL
SELECT format('foreign key of the partitioned table %s', f.conrelid::regclass)
FROM t JOIN pg_constraint AS f ON f.confrelid = t.oid JOIN pg_class AS c ON c.oid = f.conrelid
WHERE f.contype = 'f' AND f.conparentid = 0 AND c.relkind = 'p' AND f.conrelid <> t.oid
UNION ALL
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
FROM t JOIN pg_depend AS d
    ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.row_type, t.array_type)
        AND d.deptype = 'n'
    OR d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
        AND d.deptype = 'n' AND d.classid = 'pg_proc'::regclass
ORDER BY name
