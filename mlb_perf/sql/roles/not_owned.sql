-- The schemas, what is in them and in their graveyards, and the version table, as far as they belong to
-- another role than :group. Those of a role that is not trusted stay with it: its triggers and
-- functions would run with the rights of the group. Objects that follow another one have its owner.
WITH trusted AS (
    SELECT r.oid
    FROM pg_roles AS r
    WHERE r.rolname <> :group AND (
        r.rolsuper OR r.rolname = current_user
        OR r.oid = (SELECT d.datdba FROM pg_database AS d WHERE d.datname = current_database())
        OR r.oid IN (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname IN ('raw_data', 'performance_monitoring'))
    )
),
space AS (
    SELECT n.oid, n.nspname, n.nspowner
    FROM pg_namespace AS n
    WHERE regexp_replace(n.nspname, '_graveyard$', '') = ANY (CAST(:schemas AS text[]))
),
found (place, owner, classid, objid, thing) AS (
    SELECT 1, s.nspowner, 'pg_namespace'::regclass, s.oid, format('SCHEMA %I', s.nspname) FROM space AS s
    UNION ALL
    SELECT 2, c.relowner, 'pg_class'::regclass, c.oid,
        CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
            WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END || format(' %I.%I', n.nspname, c.relname)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE (n.oid IN (SELECT s.oid FROM space AS s)
        OR n.nspname = :version_table_schema AND c.relname = :version_table)
      AND (c.relkind IN ('r', 'p', 'v', 'm', 'f') OR c.relkind = 'S' AND NOT EXISTS (
        SELECT FROM pg_depend AS d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
          AND d.refclassid = 'pg_class'::regclass))
    UNION ALL
    SELECT 3, p.proowner, 'pg_proc'::regclass, p.oid,
        format('ROUTINE %I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
    FROM pg_proc AS p JOIN space AS s ON s.oid = p.pronamespace
    UNION ALL
    SELECT 4, t.typowner, 'pg_type'::regclass, t.oid, format('TYPE %I.%I', s.nspname, t.typname)
    FROM pg_type AS t JOIN space AS s ON s.oid = t.typnamespace
    WHERE t.typtype IN ('d', 'e')
    UNION ALL
    SELECT 5, x.stxowner, 'pg_statistic_ext'::regclass, x.oid, format('STATISTICS %I.%I', s.nspname, x.stxname)
    FROM pg_statistic_ext AS x JOIN space AS s ON s.oid = x.stxnamespace
)
SELECT f.thing
FROM found AS f
WHERE f.owner IN (SELECT t.oid FROM trusted AS t)
  AND NOT EXISTS (
    SELECT FROM pg_depend AS d
    WHERE d.classid = f.classid AND d.objid = f.objid AND d.deptype = 'e'
  )
ORDER BY f.place, f.thing
