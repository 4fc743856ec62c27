-- The given schemas: how many tables, rows (estimated, so that it is quick) and bytes.
SELECT n.nspname AS schema_name,
    count(c.oid) FILTER (WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition) AS tables,
    coalesce(sum(greatest(c.reltuples, s.n_live_tup, 0)) FILTER (WHERE c.relkind = 'r'), 0)::bigint
        AS live_rows,
    pg_size_pretty(coalesce(sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relkind = 'r'), 0))
        AS size,
    obj_description(n.oid, 'pg_namespace') AS comment
FROM pg_namespace AS n
LEFT JOIN pg_class AS c ON c.relnamespace = n.oid
LEFT JOIN pg_stat_all_tables AS s ON s.relid = c.oid
WHERE n.nspname = ANY (CAST(:schemas AS text[]))
GROUP BY n.oid, n.nspname
ORDER BY array_position(CAST(:schemas AS text[]), n.nspname::text)
