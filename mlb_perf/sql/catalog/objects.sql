-- Every object of the given schemas (all that are not the system's if NULL),
-- one row each: its kind, its name and its definition by PostgreSQL;
-- comments and privileges are rows of their own, the latter where they are not
-- the default (a grant and its revocation leave the default written out).
--
-- Names in definitions are qualified or not by the session's search_path, so
-- the caller compares only results of sessions with the same one.
WITH space AS (
    SELECT oid, nspname, nspacl, nspowner
    FROM pg_namespace
    WHERE CASE
        WHEN CAST(:schemas AS text[]) IS NULL
        THEN nspname !~ '^pg_' AND nspname <> 'information_schema'
        ELSE nspname = ANY (CAST(:schemas AS text[]))
    END
),
member AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
),
relation AS (
    SELECT c.*, space.nspname, format('%I.%I', space.nspname, c.relname) AS name
    FROM pg_class AS c
    JOIN space ON space.oid = c.relnamespace
    -- Partitions come and go with the rows: only their table is compared.
    WHERE NOT c.relispartition AND NOT EXISTS (
        SELECT FROM member WHERE classid = 'pg_class'::regclass AND objid = c.oid
    )
),
object (kind, name, definition, comment, privileges) AS (
SELECT 'schema', quote_ident(nspname), 'schema', obj_description(oid, 'pg_namespace'),
    nullif(nspacl, acldefault('n', nspowner))::text
FROM space

UNION ALL
SELECT 'table', name,
    concat_ws('; ',
        CASE relkind WHEN 'p' THEN 'partitioned' ELSE 'plain' END,
        CASE relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' END,
        'key ' || pg_get_partkeydef(oid),
        'bound ' || pg_get_expr(relpartbound, oid),
        'parents ' || (
            SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)
            FROM pg_inherits WHERE inhrelid = relation.oid
        ),
        'options ' || array_to_string(reloptions, ', '),
        CASE WHEN relrowsecurity THEN 'row security' END
    ),
    obj_description(oid, 'pg_class'), nullif(relacl, acldefault('r', relowner))::text
FROM relation
WHERE relkind IN ('r', 'p', 'f')

UNION ALL
SELECT 'columns', relation.name,
    string_agg(quote_ident(attname), ', ' ORDER BY attnum), NULL, NULL
FROM relation
JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
WHERE relkind IN ('r', 'p', 'f')
GROUP BY relation.name

UNION ALL
SELECT 'column', format('%s.%I', relation.name, a.attname),
    concat_ws('; ',
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'not null' END,
        CASE WHEN a.attgenerated <> '' THEN 'generated ' ELSE 'default ' END
            || pg_get_expr(d.adbin, d.adrelid),
        'identity ' || nullif(a.attidentity::text, ''),
        CASE WHEN a.attcollation <> t.typcollation
            THEN 'collation ' || a.attcollation::regcollation::text END,
        CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
        'compression ' || nullif(a.attcompression::text, ''),
        -- -1 until PostgreSQL 16, NULL from 17: the default
        'statistics ' || nullif(a.attstattarget, -1),
        -- PostgreSQL 15.20 numbers each column as pg_attver, which its own pg_dump leaves out
        'options ' || nullif(array_to_string(ARRAY(
            SELECT o FROM unnest(a.attoptions) AS o WHERE o NOT LIKE 'pg\_attver=%'
        ), ', '), '')
    ),
    col_description(relation.oid, a.attnum), a.attacl::text
FROM relation
JOIN pg_attribute AS a ON a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE relkind IN ('r', 'p', 'f')

UNION ALL
-- PostgreSQL 18 keeps NOT NULL here too ('n'); the column says it already.
SELECT 'constraint', format('%s.%I', relation.name, o.conname),
    concat_ws('; ',
        pg_get_constraintdef(o.oid),
        CASE WHEN NOT o.convalidated THEN 'not validated' END
    ),
    obj_description(o.oid, 'pg_constraint'), NULL
FROM relation
JOIN pg_constraint AS o ON o.conrelid = relation.oid AND o.contype <> 'n'

UNION ALL
SELECT 'index', relation.name,
    concat_ws('; ',
        pg_get_indexdef(i.indexrelid),
        CASE WHEN NOT i.indisvalid THEN 'invalid' END,
        CASE WHEN i.indisclustered THEN 'clustered' END,
        CASE WHEN i.indisreplident THEN 'replica identity' END
    ),
    obj_description(i.indexrelid, 'pg_class'), NULL
FROM relation
JOIN pg_index AS i ON i.indexrelid = relation.oid

UNION ALL
SELECT 'sequence', relation.name,
    concat_ws('; ',
        format_type(s.seqtypid, NULL),
        format('start %s increment %s', s.seqstart, s.seqincrement),
        CASE WHEN s.seqcycle THEN 'cycle' END,
        'owned by ' || (
            SELECT format('%s.%I', refobjid::regclass, attname)
            FROM pg_depend
            JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
            WHERE classid = 'pg_class'::regclass AND objid = relation.oid
              AND deptype IN ('a', 'i') AND refobjsubid > 0
        )
    ),
    obj_description(relation.oid, 'pg_class'), nullif(relacl, acldefault('s', relowner))::text
FROM relation
JOIN pg_sequence AS s ON s.seqrelid = relation.oid

UNION ALL
SELECT 'view', relation.name,
    concat_ws('; ',
        CASE relkind WHEN 'm' THEN 'materialized' END,
        pg_get_viewdef(oid),
        'options ' || array_to_string(reloptions, ', ')
    ),
    obj_description(oid, 'pg_class'), nullif(relacl, acldefault('r', relowner))::text
FROM relation
WHERE relkind IN ('v', 'm')

UNION ALL
SELECT 'function', p.oid::regprocedure::text,
    pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'),
    nullif(p.proacl, acldefault('f', p.proowner))::text
FROM pg_proc AS p
JOIN space ON space.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p', 'w')
  AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_proc'::regclass AND objid = p.oid)

UNION ALL
SELECT 'trigger', format('%s.%I', relation.name, tgname), pg_get_triggerdef(t.oid), NULL, NULL
FROM relation
JOIN pg_trigger AS t ON t.tgrelid = relation.oid AND NOT t.tgisinternal

UNION ALL
SELECT 'type', t.oid::regtype::text,
    CASE t.typtype
        WHEN 'd' THEN 'domain ' || format_type(t.typbasetype, t.typtypmod)
        ELSE 'enum ' || (
            SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
            FROM pg_enum WHERE enumtypid = t.oid
        )
    END,
    obj_description(t.oid, 'pg_type'), t.typacl::text
FROM pg_type AS t
JOIN space ON space.oid = t.typnamespace
WHERE t.typtype IN ('d', 'e')
  AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_type'::regclass AND objid = t.oid)

UNION ALL
SELECT 'statistics', format('%I.%I', space.nspname, x.stxname), pg_get_statisticsobjdef(x.oid), NULL, NULL
FROM pg_statistic_ext AS x
JOIN space ON space.oid = x.stxnamespace
)
SELECT kind, name, definition FROM object
UNION ALL
SELECT 'comment on ' || kind, name, quote_literal(comment) FROM object WHERE comment IS NOT NULL
UNION ALL
SELECT 'privileges on ' || kind, name, privileges FROM object WHERE privileges IS NOT NULL
ORDER BY kind, name
