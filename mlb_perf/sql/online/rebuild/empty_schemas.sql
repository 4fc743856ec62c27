-- The schemas of these names that hold nothing, as SQL writes them.

SELECT quote_ident(n.nspname)
FROM pg_namespace AS n
WHERE (n.nspname = ANY (CAST(:names AS text[])) OR n.nspname LIKE :next)
    AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid)
    AND NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = n.oid)
    AND NOT EXISTS (SELECT FROM pg_statistic_ext AS s WHERE s.stxnamespace = n.oid)
    AND NOT EXISTS (SELECT FROM pg_type AS y WHERE y.typnamespace = n.oid)
