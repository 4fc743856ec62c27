-- The extended statistics of a table and of its partitions, as SQL writes them.

SELECT format('%I.%I', n.nspname, s.stxname)
FROM pg_statistic_ext AS s
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
WHERE s.stxrelid = to_regclass(:table)
    OR s.stxrelid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:table)) AS t)
ORDER BY 1
