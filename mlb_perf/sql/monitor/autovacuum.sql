-- Tables that autovacuum leaves alone, and those with more dead rows than it should let gather. The
-- row without a table is the server's own setting.
SELECT
    NULL::text AS table_name,
    current_setting('autovacuum') = 'off' OR current_setting('track_counts') = 'off' AS is_off,
    0::bigint AS dead_rows,
    0::double precision AS threshold_rows,
    NULL::timestamptz AS last_vacuum_at
UNION ALL
SELECT
    format('%I.%I', n.nspname, c.relname),
    NOT coalesce(o.enabled::boolean, true),
    coalesce(s.n_dead_tup, 0),
    coalesce(o.threshold, current_setting('autovacuum_vacuum_threshold')::double precision)
        + coalesce(o.scale, current_setting('autovacuum_vacuum_scale_factor')::double precision) * greatest(c.reltuples, 0),
    greatest(s.last_vacuum, s.last_autovacuum)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_stat_user_tables AS s ON s.relid = c.oid
CROSS JOIN LATERAL (
    SELECT
        max(p.option_value) FILTER (WHERE p.option_name = 'autovacuum_enabled') AS enabled,
        max(CASE p.option_name WHEN 'autovacuum_vacuum_threshold' THEN p.option_value::double precision END) AS threshold,
        max(CASE p.option_name WHEN 'autovacuum_vacuum_scale_factor' THEN p.option_value::double precision END) AS scale
    FROM pg_options_to_table(c.reloptions) AS p
    WHERE p.option_name IN ('autovacuum_enabled', 'autovacuum_vacuum_threshold', 'autovacuum_vacuum_scale_factor')
) AS o
WHERE c.relkind IN ('r', 'm')
ORDER BY is_off DESC, dead_rows DESC, table_name
