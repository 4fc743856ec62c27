-- Tables that no model declares: partitions, those of the journal, and those of rebuilds.

SELECT n.nspname AS schema_name, c.relname AS table_name
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p')
    AND (
        c.relispartition
        OR n.nspname LIKE 'mlb\_perf\_%'
        OR (
            n.nspname = CAST(:journal AS text)
            AND (c.relname = ANY (CAST(:names AS text[])) OR c.relname LIKE 'dropped\_%')
        )
    )
