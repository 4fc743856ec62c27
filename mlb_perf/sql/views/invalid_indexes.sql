-- drop: VIEW performance_monitoring.invalid_indexes
-- Indexes that a failed or interrupted concurrent build left behind: every writer keeps them up,
-- no question can use them. One that is being built right now is not named; is_certain is false
-- where another session builds an index that this role, without pg_monitor, may not see.
CREATE VIEW performance_monitoring.invalid_indexes WITH (security_invoker = true) AS
SELECT
    n.nspname AS schema_name,
    t.relname AS table_name,
    c.relname AS index_name,
    pg_relation_size(c.oid) AS index_bytes,
    pg_get_indexdef(c.oid) AS definition,
    NOT EXISTS (
        SELECT FROM pg_stat_progress_create_index AS p
        WHERE p.datname = current_database() AND p.relid IS NULL
    ) AS is_certain,
    CASE WHEN c.relkind = 'I'
        THEN 'a partition has no index attached to it: run the migration again, or build and attach it'
        ELSE format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname) END AS remedy
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_class AS t ON t.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT (i.indisvalid AND i.indisready)
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS p WHERE p.index_relid = c.oid)
ORDER BY schema_name, index_name;

COMMENT ON VIEW performance_monitoring.invalid_indexes IS
    'Indexes that a failed concurrent build left behind, except those that are being built';
GRANT SELECT ON performance_monitoring.invalid_indexes TO pg_monitor;
