-- What stands in the way of dropping the given tables (schema.name) and their
-- schemas: other objects in those schemas, unless the schema is not ours to
-- drop, and views and foreign keys elsewhere that need the tables.
WITH ours AS (
    SELECT to_regclass(name) AS oid, split_part(name, '.', 1) AS schema_name
    FROM unnest(CAST(:tables AS text[])) AS name
),
family AS (  -- the tables, and their partitions
    SELECT member.relid AS oid
    FROM ours, LATERAL pg_partition_tree(ours.oid) AS member
    UNION
    SELECT ours.oid FROM ours WHERE ours.oid IS NOT NULL
),
space AS (
    SELECT n.oid, n.nspname
    FROM pg_namespace AS n
    WHERE n.nspname IN (SELECT schema_name FROM ours)
      AND obj_description(n.oid, 'pg_namespace') LIKE '% (mlb_perf)'
)
SELECT CASE c.relkind
        WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view'
        WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table'
        ELSE 'type'
    END || ' ' || format('%I.%I', space.nspname, c.relname) AS name
FROM pg_class AS c
JOIN space ON space.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
  AND c.oid NOT IN (SELECT oid FROM family)
  AND NOT EXISTS (  -- a sequence that belongs to a table goes with it
    SELECT FROM pg_depend AS d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
      AND d.refobjid IN (SELECT oid FROM family)
  )
UNION
SELECT 'function ' || p.oid::regprocedure::text
FROM pg_proc AS p
JOIN space ON space.oid = p.pronamespace
UNION
SELECT 'type ' || t.oid::regtype::text
FROM pg_type AS t
JOIN space ON space.oid = t.typnamespace
WHERE t.typtype IN ('d', 'e', 'r')
UNION
SELECT 'view ' || r.ev_class::regclass::text
FROM pg_depend AS d
JOIN pg_rewrite AS r ON r.oid = d.objid
WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
  AND d.refobjid IN (SELECT oid FROM family)
UNION
SELECT format('foreign key %I of %s', k.conname, k.conrelid::regclass)
FROM pg_constraint AS k
WHERE k.contype = 'f'
  AND k.confrelid IN (SELECT oid FROM family)
  AND k.conrelid NOT IN (SELECT oid FROM family)
ORDER BY name
