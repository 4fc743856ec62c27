-- drop: VIEW performance_monitoring.detached_partitions
-- Partitions on their way out: what each was part of, its bounds, how far it is, and when it may be
-- dropped. Its comment says so, because a comment goes with the table through renames and dumps.
-- state: attached (chosen, nothing done), pending (DETACH CONCURRENTLY was interrupted), detached
-- (not yet in the graveyard), resting (there; it can be restored).
CREATE VIEW performance_monitoring.detached_partitions WITH (security_invoker = true) AS
WITH marked AS MATERIALIZED (
    SELECT
        c.oid,
        n.nspname,
        c.relname,
        c.relispartition,
        substr(d.description, length('mlb_perf detached: ') + 1)::jsonb AS mark
    FROM pg_description AS d
    JOIN pg_class AS c ON c.oid = d.objoid AND c.relkind = 'r'
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = 0
        AND starts_with(d.description, 'mlb_perf detached: {')
        -- Nobody can break the view by a comment on a table of their own elsewhere.
        AND (
            c.relispartition
            OR right(n.nspname, 10) = '_graveyard'
            OR n.nspname IN (SELECT q.schema_name FROM performance_monitoring.partition_policies AS q)
        )
)
SELECT
    m.nspname AS schema_name,
    m.relname AS partition_name,
    m.mark ->> 'schema' AS parent_schema,
    m.mark ->> 'table' AS parent_table,
    (m.mark ->> 'start')::timestamptz AS range_start,
    (m.mark ->> 'end')::timestamptz AS range_end,
    CASE
        WHEN i.inhdetachpending THEN 'pending'
        WHEN m.relispartition THEN 'attached'
        WHEN m.nspname = m.mark ->> 'schema' THEN 'detached'
        ELSE 'resting'
    END AS state,
    (m.mark ->> 'detached_at')::timestamptz AS detached_at,
    (m.mark ->> 'detached_at')::timestamptz + make_interval(days => coalesce(p.graveyard_days, 30))
        AS drop_after,
    coalesce(p.is_held, false) AS is_held,
    pg_total_relation_size(m.oid) AS total_bytes,
    m.mark ->> 'comment' AS former_comment,
    m.mark -> 'checks' AS former_checks
FROM marked AS m
LEFT JOIN pg_inherits AS i ON i.inhrelid = m.oid
LEFT JOIN performance_monitoring.partition_policies AS p
    ON p.schema_name = m.mark ->> 'schema' AND p.table_name = m.mark ->> 'table'
ORDER BY parent_schema, parent_table, range_start;

COMMENT ON VIEW performance_monitoring.detached_partitions IS
    'Partitions on their way out: what each was part of, how far it is, when it may be dropped';
GRANT SELECT ON performance_monitoring.detached_partitions TO pg_monitor;
