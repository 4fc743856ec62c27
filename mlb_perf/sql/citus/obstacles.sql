-- What keeps Citus from distributing the tables, one sentence each.
--
-- Citus refuses triggers, a key without the distribution column, and foreign keys between a
-- distributed and a local table; a detach that is half done cannot be finished on a shard.

WITH wanted AS (
    SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, w.key
    FROM unnest(CAST(:schemas AS text[]), CAST(:names AS text[]), CAST(:keys AS text[]))
        AS w (schema, name, key)
    JOIN pg_namespace AS n ON n.nspname = w.schema
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.name
),
member AS (
    SELECT name, key, oid, true AS is_root FROM wanted
    UNION ALL
    SELECT wanted.name, wanted.key, t.relid, false
    FROM wanted CROSS JOIN LATERAL pg_partition_tree(wanted.oid) AS t
    WHERE t.relid <> wanted.oid
)
SELECT format('%s has the trigger %I: drop it (DROP TRIGGER %I ON %s), and run again',
    member.name, g.tgname, g.tgname, g.tgrelid::regclass) AS sentence
FROM member JOIN pg_trigger AS g ON g.tgrelid = member.oid
WHERE NOT g.tgisinternal AND g.tgparentid = 0

UNION ALL
SELECT format('%s: the unique index %s lacks the column %s: drop it, and run again',
    member.name, i.indexrelid::regclass, member.key)
FROM member JOIN pg_index AS i ON i.indrelid = member.oid
WHERE member.is_root AND member.key IS NOT NULL AND (i.indisunique OR i.indisexclusion)
  AND NOT EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::smallint[])
      AND a.attname = member.key
)

UNION ALL
SELECT format('%s: the foreign key %I refers to %s: drop it (ALTER TABLE %s DROP CONSTRAINT %I), '
    'and run again', f.conrelid::regclass, f.conname, f.confrelid::regclass, f.conrelid::regclass,
    f.conname)
FROM pg_constraint AS f
WHERE f.contype = 'f' AND f.conparentid = 0
  AND EXISTS (SELECT FROM wanted WHERE oid = f.conrelid)
      <> EXISTS (SELECT FROM wanted WHERE oid = f.confrelid)

UNION ALL
SELECT format('%s: the detach of %s is not finished: run mlb-perf partitions detach %s',
    member.name, h.inhrelid::regclass, member.name)
FROM member JOIN pg_inherits AS h ON h.inhparent = member.oid
WHERE h.inhdetachpending
ORDER BY 1
