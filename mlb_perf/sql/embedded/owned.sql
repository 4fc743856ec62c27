-- ALTER, the kind and the name of each object in the database that the role of initdb owns and that a
-- user made, and of the database. Objects that follow another one have its owner: those of extensions,
-- sequences of columns, types of tables and of arrays.
WITH owned (classid, objid, altered) AS (
    SELECT 'pg_database'::regclass::oid, d.oid, format('DATABASE %I', d.datname)
    FROM pg_database AS d
    WHERE d.datname = current_database() AND d.datname NOT IN ('postgres', 'template1')
      AND d.datdba = current_user::regrole
    UNION ALL
    SELECT 'pg_namespace'::regclass, n.oid, format('SCHEMA %I', n.nspname)
    FROM pg_namespace AS n
    WHERE n.nspowner = current_user::regrole
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid, format('TABLE %s', c.oid::regclass)
    FROM pg_class AS c
    WHERE c.relowner = current_user::regrole AND (
        c.relkind IN ('r', 'p', 'v', 'm', 'f')
        OR c.relkind = 'S' AND NOT EXISTS (
            SELECT FROM pg_depend AS d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
              AND d.refclassid = 'pg_class'::regclass
        )
    )
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, format('ROUTINE %s', p.oid::regprocedure)
    FROM pg_proc AS p
    WHERE p.proowner = current_user::regrole
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, format('TYPE %s', t.oid::regtype)
    FROM pg_type AS t
    WHERE t.typowner = current_user::regrole AND t.typtype IN ('d', 'e', 'r', 'c', 'b')
      AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
      AND NOT EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = t.oid)
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, x.oid, format('STATISTICS %I.%I', n.nspname, x.stxname)
    FROM pg_statistic_ext AS x JOIN pg_namespace AS n ON n.oid = x.stxnamespace
    WHERE x.stxowner = current_user::regrole
)
SELECT 'ALTER ' || o.altered
FROM owned AS o
WHERE o.objid >= 16384  -- below are the objects of initdb
  AND NOT starts_with(o.altered, 'SCHEMA pg_')
  AND NOT starts_with(o.altered, 'TABLE pg_')  -- of sessions, and of large values
  AND NOT EXISTS (
    SELECT FROM pg_depend AS d
    WHERE d.classid = o.classid AND d.objid = o.objid AND d.deptype = 'e'
  )
