-- drop: VIEW performance_monitoring.detached_partitions
-- Partitions on their way out: what each was part of, its bounds, how far it is, and when it may be
-- dropped. Its comment says so, because a comment goes with the table through renames and dumps.
-- state: attached (chosen, nothing done), pending (DETACH CONCURRENTLY was interrupted), detached
-- (not yet in the graveyard), resting (there; it can be restored).
-- fault: why the mark is not believed; such a table is neither restored nor dropped.
CREATE VIEW performance_monitoring.detached_partitions WITH (security_invoker = true) AS
WITH policed AS MATERIALIZED (
    SELECT schema_name, (schema_name || '_graveyard')::name AS graveyard
    FROM performance_monitoring.partition_policies
    GROUP BY schema_name
),
marked AS MATERIALIZED (
    SELECT c.oid, n.nspname, c.relname, c.relowner, c.relispartition, i.inhparent,
        i.inhdetachpending, d.description,
        c.relhasrules OR c.relrowsecurity OR EXISTS (
            SELECT FROM pg_trigger AS t
            WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0
        ) AS has_code
    FROM pg_description AS d
    JOIN pg_class AS c ON c.oid = d.objoid AND c.relkind = 'r'
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid AND c.relispartition
    WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = 0
        AND starts_with(d.description, 'mlb_perf detached: ')
        AND EXISTS (
            SELECT FROM policed AS p WHERE n.nspname IN (p.schema_name, p.graveyard)
        )
),
judged AS (
    SELECT
        m.*,
        k.*,
        CASE
            WHEN k.parent_schema IS NULL OR k.parent_table IS NULL
            THEN 'its comment cannot be read as a mark'
            WHEN m.nspname NOT IN (k.parent_schema, (k.parent_schema || '_graveyard')::name)
            THEN format('its comment names a table of the schema %I', k.parent_schema)
            WHEN m.inhparent <> t.oid
            THEN format('its comment names the parent %I, and it is a partition of %s',
                k.parent_table, m.inhparent::regclass)
            WHEN m.relowner <> coalesce(t.relowner, s.nspowner)
            THEN format('its owner is %I, and that of the parent is %I',
                m.relowner::regrole::text, coalesce(t.relowner, s.nspowner)::regrole::text)
            WHEN m.has_code
            THEN 'it has triggers, rules or row security'
        END AS fault
    FROM marked AS m
    CROSS JOIN LATERAL performance_monitoring.detach_mark(m.description) AS k
    LEFT JOIN pg_namespace AS s ON s.nspname = k.parent_schema
    LEFT JOIN pg_class AS t ON t.relnamespace = s.oid AND t.relname = k.parent_table
)
SELECT
    j.nspname AS schema_name,
    j.relname AS partition_name,
    j.parent_schema,
    j.parent_table,
    j.range_start,
    j.range_end,
    CASE
        WHEN j.inhdetachpending THEN 'pending'
        WHEN j.relispartition THEN 'attached'
        WHEN j.nspname = j.parent_schema THEN 'detached'
        ELSE 'resting'
    END AS state,
    j.detached_at,
    j.detached_at + make_interval(days => coalesce(p.graveyard_days, 30)) AS drop_after,
    coalesce(p.is_held, false) AS is_held,
    pg_total_relation_size(j.oid) AS total_bytes,
    j.former_comment,
    j.former_checks,
    j.fault
FROM judged AS j
LEFT JOIN performance_monitoring.partition_policies AS p
    ON p.schema_name = j.parent_schema AND p.table_name = j.parent_table
ORDER BY j.parent_schema, j.parent_table, j.range_start;

COMMENT ON VIEW performance_monitoring.detached_partitions IS
    'Partitions on their way out: what each was part of, how far it is, when it may be dropped';
GRANT SELECT ON performance_monitoring.detached_partitions TO pg_monitor;
