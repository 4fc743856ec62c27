-- The statements that give tables and the views on them back what undistribute_table loses
-- (citus issue 6768): comments of tables, partitions, columns, constraints and indexes, and
-- comments, owners and privileges of views, which it makes again.

WITH RECURSIVE member AS (
    SELECT name::regclass::oid AS oid FROM unnest(CAST(:tables AS text[])) AS given (name)
    UNION
    SELECT t.relid
    FROM unnest(CAST(:tables AS text[])) AS given (name)
    CROSS JOIN LATERAL pg_partition_tree(given.name::regclass) AS t
),
dependent AS (
    SELECT oid FROM member
    UNION
    SELECT r.ev_class
    FROM dependent
    JOIN pg_depend AS d ON d.refobjid = dependent.oid AND d.classid = 'pg_rewrite'::regclass
        AND d.refclassid = 'pg_class'::regclass
    JOIN pg_rewrite AS r ON r.oid = d.objid
),
relation AS (
    SELECT c.oid, c.relkind, c.relacl, c.relowner, format('%I.%I', n.nspname, c.relname) AS name,
        CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END
            AS kind
    FROM dependent
    JOIN pg_class AS c ON c.oid = dependent.oid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
)
SELECT format('COMMENT ON %s %s IS %L', kind, name, obj_description(oid, 'pg_class')) AS statement
FROM relation WHERE obj_description(oid, 'pg_class') IS NOT NULL

UNION ALL
SELECT format('COMMENT ON COLUMN %s.%I IS %L', name, a.attname, d.description)
FROM relation
JOIN pg_description AS d ON d.objoid = relation.oid AND d.classoid = 'pg_class'::regclass
    AND d.objsubid > 0
JOIN pg_attribute AS a ON a.attrelid = relation.oid AND a.attnum = d.objsubid

UNION ALL
SELECT format('COMMENT ON CONSTRAINT %I ON %s IS %L', o.conname, name, d.description)
FROM relation
JOIN pg_constraint AS o ON o.conrelid = relation.oid
JOIN pg_description AS d ON d.objoid = o.oid AND d.classoid = 'pg_constraint'::regclass

UNION ALL
SELECT format('COMMENT ON INDEX %I.%I IS %L', n.nspname, c.relname, d.description)
FROM relation
JOIN pg_index AS i ON i.indrelid = relation.oid
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_description AS d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass

UNION ALL
SELECT format('ALTER %s %s OWNER TO %I', kind, name, pg_get_userbyid(relowner))
FROM relation WHERE relkind IN ('v', 'm')

UNION ALL
SELECT format('GRANT %s ON %s TO %s%s', x.privilege_type, name,
    CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
    CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM relation CROSS JOIN LATERAL aclexplode(relacl) AS x
WHERE relkind IN ('v', 'm')
