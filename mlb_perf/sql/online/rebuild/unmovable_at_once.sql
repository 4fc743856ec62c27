-- What a rebuild within one transaction would lose besides, in words: extended statistics, the place
-- in publications, and a kind of table that no rebuild keeps.

SELECT format('statistics %s.%I', s.stxnamespace::regnamespace, s.stxname) AS name
FROM pg_statistic_ext AS s
WHERE s.stxrelid = to_regclass(:table)
UNION ALL
SELECT format('publication %I', p.pubname)
FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
WHERE r.prrelid = to_regclass(:table)
UNION ALL
SELECT format('a kind of its own: it %s', k.refused)
FROM (
    SELECT CASE
        WHEN c.relpersistence <> 'p' THEN 'is UNLOGGED or temporary'
        WHEN c.relispartition THEN 'is a partition of another table'
        WHEN c.reloftype <> 0 THEN 'is a table of a type'
        WHEN EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid) THEN 'inherits another table'
    END AS refused
    FROM pg_class AS c
    WHERE c.oid = to_regclass(:table)
) AS k
WHERE k.refused IS NOT NULL
