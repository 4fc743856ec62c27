-- Tables, views and sequences of the schemas. Rights on a partitioned table serve its partitions.
SELECT n.nspname::text, quote_ident(c.relname), CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = ANY (CAST(:schemas AS text[])) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND NOT c.relispartition
ORDER BY 1, 2
