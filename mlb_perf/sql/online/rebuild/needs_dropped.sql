-- Objects that need one of the columns :names of a table, other than the :known constraints and
-- indexes of its old shape, in words; privileges on such a column would be lost too.

WITH gone AS (
    SELECT a.attrelid, a.attnum, a.attname, a.attacl
    FROM pg_attribute AS a
    WHERE a.attrelid = to_regclass(:table) AND a.attname = ANY (CAST(:names AS text[]))
)
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS name
FROM gone AS g
JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = g.attrelid
    AND d.refobjsubid = g.attnum
LEFT JOIN pg_constraint AS k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
LEFT JOIN pg_class AS i ON d.classid = 'pg_class'::regclass AND i.oid = d.objid
WHERE d.classid <> 'pg_attrdef'::regclass
    AND (k.oid IS NULL OR k.contype <> 'n' AND NOT k.conname = ANY (CAST(:known AS text[])))
    AND (i.oid IS NULL OR i.relkind IN ('v', 'm')
        OR i.relkind IN ('i', 'I') AND NOT i.relname = ANY (CAST(:known AS text[])))
UNION
SELECT format('privileges on the column %I', g.attname)
FROM gone AS g
WHERE g.attacl IS NOT NULL
ORDER BY name
