-- The partitions of a table that have no trigger for TRUNCATE yet: a row trigger reaches them by
-- itself, one for a statement does not.

SELECT t.relid::regclass::text
FROM pg_partition_tree(to_regclass(:table)) AS t
WHERE t.isleaf AND t.level > 0
    AND NOT EXISTS (
        SELECT FROM pg_trigger AS g WHERE g.tgrelid = t.relid AND g.tgname = :trigger
    )
ORDER BY 1
