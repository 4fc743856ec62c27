-- drop: VIEW performance_monitoring.unused_indexes
-- Indexes that no scan has used and no constraint needs, largest first. Look at statistics_age: an
-- index of a monthly report is not unused because it was not used today; and one that replicas
-- use is counted there. serves_foreign_key: a DELETE of the row referred to would miss it.
CREATE VIEW performance_monitoring.unused_indexes WITH (security_invoker = true) AS
SELECT
    u.schema_name,
    u.table_name,
    u.index_name,
    u.index_bytes,
    u.statistics_since,
    u.statistics_age,
    EXISTS (
        SELECT
        FROM pg_constraint AS k
        JOIN pg_index AS i ON i.indrelid = k.conrelid
        WHERE k.contype = 'f'
            AND i.indexrelid = u.index_oid
            AND (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
    ) AS serves_foreign_key,
    u.definition,
    format('DROP INDEX %s%I.%I', CASE WHEN u.is_partitioned THEN '' ELSE 'CONCURRENTLY ' END,
        u.schema_name, u.index_name) AS drop_statement
FROM performance_monitoring.index_usage AS u
WHERE u.scans = 0 AND u.is_valid AND NOT u.is_unique AND NOT u.is_constraint
ORDER BY u.index_bytes DESC, u.schema_name, u.index_name;

COMMENT ON VIEW performance_monitoring.unused_indexes IS
    'Indexes that no scan has used since statistics_since and that no constraint needs';
GRANT SELECT ON performance_monitoring.unused_indexes TO pg_monitor;
