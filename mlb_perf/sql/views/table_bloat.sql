-- drop: VIEW performance_monitoring.table_bloat
-- How much of each table's heap is neither rows nor their headers, estimated from the widths in
-- pg_stats, which shows a role only what it may SELECT: is_known is false where it shows nothing.
-- Partitions are named one by one, as they are rebuilt one by one. Padding between columns counts
-- as bloat; performance_monitoring.table_bloat_exact(regclass) reads the table instead.
CREATE VIEW performance_monitoring.table_bloat WITH (security_invoker = true) AS
WITH measured AS (
    SELECT
        c.oid, n.nspname, c.relname, c.reltuples,
        pg_partition_root(c.oid)::oid AS root,
        current_setting('block_size')::bigint AS block,
        coalesce((SELECT o.option_value::integer FROM pg_options_to_table(c.reloptions) AS o
            WHERE o.option_name = 'fillfactor'), 100) AS fill,
        pg_relation_size(c.oid) AS heap_bytes,
        (
            -- A header of 23 bytes, the bitmap of NULLs, both aligned to 8; then the columns.
            SELECT CASE WHEN count(*) = count(s.attname) THEN
                ceil((23 + CASE WHEN max(s.null_frac) > 0 THEN (7 + count(*)) / 8 ELSE 0 END) / 8.0) * 8
                + ceil(sum((1 - s.null_frac) * s.avg_width) / 8.0) * 8 END
            FROM pg_attribute AS a
            LEFT JOIN pg_stats AS s
                ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
                AND NOT s.inherited
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v'
        ) AS row_bytes
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
),
estimated AS (
    SELECT m.*, least(m.heap_bytes, CASE
        WHEN m.reltuples = 0 THEN 0
        -- 24 bytes of header a page and 4 of line pointer a row; reltuples is -1 before ANALYZE.
        WHEN m.reltuples > 0 THEN m.block * ceil(m.reltuples
            / nullif(floor((m.block - 24) * m.fill / 100.0 / (4 + m.row_bytes)), 0))
        END)::bigint AS needed_bytes
    FROM measured AS m
),
known AS (
    -- least() passes over NULL, so what is not known is said here.
    SELECT e.*, e.reltuples = 0 OR e.reltuples > 0 AND e.row_bytes IS NOT NULL AS is_known
    FROM estimated AS e
)
SELECT
    e.nspname AS schema_name,
    e.relname AS table_name,
    nullif(e.root, e.oid)::regclass::text AS partition_of,
    e.heap_bytes,
    CASE WHEN e.is_known THEN e.needed_bytes END AS needed_bytes,
    CASE WHEN e.is_known THEN e.heap_bytes - e.needed_bytes END AS bloat_bytes,
    CASE WHEN e.is_known
        THEN round((e.heap_bytes - e.needed_bytes) / nullif(e.heap_bytes, 0)::numeric, 3) END AS bloat_ratio,
    coalesce(s.n_dead_tup, 0) AS dead_rows,
    -- What VACUUM could free: dead rows are as wide as the others.
    CASE WHEN e.is_known THEN least(e.heap_bytes - e.needed_bytes,
        coalesce(s.n_dead_tup, 0) * e.needed_bytes / nullif(e.reltuples, 0))::bigint END AS dead_bytes,
    greatest(s.last_vacuum, s.last_autovacuum) AS last_vacuum_at,
    e.is_known
FROM known AS e
LEFT JOIN pg_stat_user_tables AS s ON s.relid = e.oid
ORDER BY bloat_bytes DESC NULLS LAST, schema_name, table_name;

COMMENT ON VIEW performance_monitoring.table_bloat IS
    'Estimated bloat of each table''s heap; is_known says whether the table has statistics';
GRANT SELECT ON performance_monitoring.table_bloat TO pg_monitor;
