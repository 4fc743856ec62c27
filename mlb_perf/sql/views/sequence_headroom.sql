-- drop: VIEW performance_monitoring.sequence_headroom
-- How much of each ascending sequence is used, 0 to 1, of what it and the column that it fills can
-- hold. A sequence whose value this role may not read (SELECT or USAGE) has NULL: is_visible is
-- false. Those that cycle have no end.
CREATE VIEW performance_monitoring.sequence_headroom WITH (security_invoker = true) AS
SELECT
    s.schemaname AS schema_name,
    s.sequencename AS sequence_name,
    o.table_name,
    o.column_name,
    s.last_value,
    b.highest AS highest_value,
    CASE WHEN b.is_visible THEN b.highest - coalesce(s.last_value, 0) END AS values_left,
    CASE WHEN b.is_visible THEN round(coalesce(s.last_value, 0) / b.highest::numeric, 4) END AS used_ratio,
    b.is_visible
FROM pg_sequences AS s
JOIN pg_namespace AS n ON n.nspname = s.schemaname
JOIN pg_class AS c ON c.relname = s.sequencename AND c.relkind = 'S' AND c.relnamespace = n.oid
LEFT JOIN LATERAL (
    SELECT d.refobjid::regclass::text AS table_name, a.attname AS column_name, a.atttypid
    FROM pg_depend AS d
    JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
        AND d.refclassid = 'pg_class'::regclass
) AS o ON true
CROSS JOIN LATERAL (
    SELECT
        least(s.max_value, CASE o.atttypid
            WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype THEN 2147483647
            ELSE 9223372036854775807 END) AS highest,
        has_sequence_privilege(c.oid, 'SELECT, USAGE') AS is_visible
) AS b
WHERE s.increment_by > 0 AND NOT s.cycle
ORDER BY used_ratio DESC NULLS LAST, schema_name, sequence_name;

COMMENT ON VIEW performance_monitoring.sequence_headroom IS
    'Use of each ascending sequence, of what it and its column can hold';
GRANT SELECT ON performance_monitoring.sequence_headroom TO pg_monitor;
