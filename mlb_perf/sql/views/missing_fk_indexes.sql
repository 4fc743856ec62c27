-- drop: VIEW performance_monitoring.missing_fk_indexes
-- Foreign keys without an index that begins with their columns, in any order: a DELETE or a key's
-- UPDATE of the row referred to then scans the whole table. Where referenced_deletes stays 0 (rows
-- deleted there since the statistics' reset) the index would serve nobody.
CREATE VIEW performance_monitoring.missing_fk_indexes WITH (security_invoker = true) AS
SELECT
    n.nspname AS schema_name,
    t.relname AS table_name,
    k.conname AS constraint_name,
    keys.columns,
    k.confrelid::regclass::text AS referenced_table,
    greatest(t.reltuples, 0)::bigint AS table_rows,
    coalesce(
        (SELECT sum(pg_stat_get_tuples_deleted(l.relid)) FROM pg_partition_tree(k.confrelid) AS l),
        pg_stat_get_tuples_deleted(k.confrelid)
    )::bigint AS referenced_deletes,
    format('CREATE INDEX %sON %I.%I (%s)', CASE t.relkind WHEN 'p' THEN '' ELSE 'CONCURRENTLY ' END,
        n.nspname, t.relname, array_to_string(keys.columns, ', ')) AS create_statement
FROM pg_constraint AS k
JOIN pg_class AS t ON t.oid = k.conrelid AND NOT t.relispartition
JOIN pg_namespace AS n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
    SELECT array_agg(quote_ident(a.attname) ORDER BY u.place) AS columns
    FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
) AS keys
WHERE k.contype = 'f' AND k.conparentid = 0
    AND NOT EXISTS (
        SELECT FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        JOIN pg_am AS m ON m.oid = c.relam AND m.amname IN ('btree', 'hash')
        WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
            AND i.indnkeyatts >= cardinality(k.conkey)
            AND (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
    )
ORDER BY table_rows DESC, schema_name, table_name, constraint_name;

COMMENT ON VIEW performance_monitoring.missing_fk_indexes IS
    'Foreign keys without an index that begins with their columns';
GRANT SELECT ON performance_monitoring.missing_fk_indexes TO pg_monitor;
