-- The distributed tables of the given schemas and of their graveyards, without partitions, each
-- with those that foreign keys connect it to, directly or not: undistribute_table takes them all.

WITH RECURSIVE mine AS (
    SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_dist_partition AS p
    JOIN pg_class AS c ON c.oid = p.logicalrelid AND NOT c.relispartition
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (CAST(:schemas AS text[]))
       OR n.nspname = ANY (SELECT s || '_graveyard' FROM unnest(CAST(:schemas AS text[])) AS s)
),
link AS (
    SELECT conrelid AS one, confrelid AS other FROM pg_constraint WHERE contype = 'f'
    UNION
    SELECT confrelid, conrelid FROM pg_constraint WHERE contype = 'f'
),
reached AS (
    SELECT oid AS start, oid FROM mine
    UNION
    SELECT reached.start, link.other
    FROM reached
    JOIN link ON link.one = reached.oid
    JOIN pg_dist_partition AS p ON p.logicalrelid = link.other
    JOIN pg_class AS c ON c.oid = link.other AND NOT c.relispartition
)
SELECT DISTINCT array_agg(c.oid::regclass::text ORDER BY c.oid::regclass::text) AS tables
FROM reached JOIN pg_class AS c ON c.oid = reached.oid
GROUP BY reached.start
ORDER BY 1
