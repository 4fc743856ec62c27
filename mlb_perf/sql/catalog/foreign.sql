-- Objects of other users that forbid to drop the given tables (schema.name) and
-- :schemas: objects in those schemas, objects elsewhere that depend on the
-- tables, and objects that were added to the tables and would be dropped too. :columns are the columns (schema.table.column) that we know, :relations and
-- :functions the views (schema.name) and functions (with argument types) that go as well.
WITH RECURSIVE named AS (
    SELECT to_regclass(name)::oid AS oid, split_part(name, '.', 1) AS schema_name
    FROM unnest(CAST(:tables AS text[])) AS name
    WHERE to_regclass(name) IS NOT NULL
),
family AS (  -- the tables, and their partitions
    SELECT oid FROM named
    UNION
    SELECT tree.relid FROM named, LATERAL pg_partition_tree(named.oid) AS tree
),
space AS (
    SELECT n.oid
    FROM pg_namespace AS n
    WHERE n.nspname = ANY (CAST(:schemas AS text[]))
      AND obj_description(n.oid, 'pg_namespace') LIKE '% (mlb_perf)'
),
ours AS (  -- dropped with the tables: row types, defaults, constraints, indexes ...
    SELECT 'pg_class'::regclass::oid AS classid, oid AS objid FROM family
    UNION
    SELECT 'pg_namespace'::regclass, oid FROM space
    UNION
    SELECT 'pg_class'::regclass, to_regclass(name)::oid FROM unnest(CAST(:relations AS text[])) AS name
    UNION
    SELECT 'pg_proc'::regclass, to_regprocedure(name)::oid FROM unnest(CAST(:functions AS text[])) AS name
    UNION
    SELECT d.classid, d.objid
    FROM pg_depend AS d
    JOIN ours ON d.refclassid = ours.classid AND d.refobjid = ours.objid
    WHERE d.deptype IN ('a', 'i', 'P', 'S')
      AND ours.classid <> 'pg_namespace'::regclass
      AND d.classid NOT IN ('pg_trigger'::regclass, 'pg_policy'::regclass,
                            'pg_statistic_ext'::regclass, 'pg_publication_rel'::regclass)
),
needed AS (  -- objects of other users that need ours, or lie in our schemas
    SELECT d.classid, d.objid, d.objsubid
    FROM pg_depend AS d
    JOIN ours ON d.refclassid = ours.classid AND d.refobjid = ours.objid
    WHERE d.deptype IN ('n', 'a')
      AND d.classid <> 'pg_default_acl'::regclass  -- rights, which go with the schema
      AND NOT EXISTS (
        SELECT FROM ours AS mine WHERE mine.classid = d.classid AND mine.objid = d.objid
      )
),
lifted AS (  -- a rule is said by its view, a default by its column, a member by its extension
    SELECT
        CASE WHEN e.refobjid IS NOT NULL THEN e.refclassid
            WHEN r.ev_class IS NOT NULL AND r.rulename = '_RETURN' THEN 'pg_class'::regclass
            WHEN a.adrelid IS NOT NULL THEN 'pg_class'::regclass
            ELSE n.classid END AS classid,
        coalesce(e.refobjid, CASE WHEN r.rulename = '_RETURN' THEN r.ev_class END, a.adrelid,
            n.objid) AS objid,
        coalesce(a.adnum::integer, CASE WHEN n.classid = 'pg_class'::regclass THEN n.objsubid END, 0)
            AS objsubid
    FROM needed AS n
    LEFT JOIN pg_rewrite AS r ON n.classid = 'pg_rewrite'::regclass AND r.oid = n.objid
    LEFT JOIN pg_attrdef AS a ON n.classid = 'pg_attrdef'::regclass AND a.oid = n.objid
    LEFT JOIN pg_depend AS e
        ON e.classid = n.classid AND e.objid = n.objid AND e.deptype = 'e'
),
added AS (
    SELECT format('column %I.%I.%I', s.nspname, c.relname, a.attname) AS name
    FROM named
    JOIN pg_class AS c ON c.oid = named.oid
    JOIN pg_namespace AS s ON s.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE format('%s.%s.%s', s.nspname, c.relname, a.attname) <> ALL (CAST(:columns AS text[]))
)
SELECT DISTINCT name
FROM (
    SELECT o.type || ' ' || o.identity AS name
    FROM lifted, LATERAL pg_identify_object(classid, objid, objsubid) AS o
    WHERE NOT EXISTS (
        SELECT FROM ours AS mine WHERE mine.classid = lifted.classid AND mine.objid = lifted.objid
    ) OR lifted.objsubid > 0
    UNION ALL
    SELECT name FROM added
) AS foreign_object
WHERE name IS NOT NULL
ORDER BY name
