-- drop: FUNCTION performance_monitoring.range_partitions(regclass)
-- The partitions of a table that is partitioned by range of one date or timestamptz column, by
-- their real bounds, as moments (a date is its midnight UTC). NULL is no bound: MINVALUE, MAXVALUE,
-- infinity, or a DEFAULT partition. No row for any other table.
-- Time zone and date style are pinned because pg_get_expr writes the bounds in the session's.
CREATE FUNCTION performance_monitoring.range_partitions(parent regclass)
RETURNS TABLE (
    partition regclass, schema_name name, partition_name name, range_start timestamptz,
    range_end timestamptz, is_default boolean, is_pending boolean
)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $function$
    SELECT c.oid::regclass, n.nspname, c.relname,
        nullif(nullif(CASE WHEN k.is_time THEN
            substring(b.bounds FROM 'FROM \(''([^'']+)''\)')::timestamptz END, '-infinity'), 'infinity'),
        nullif(nullif(CASE WHEN k.is_time THEN
            substring(b.bounds FROM 'TO \(''([^'']+)''\)')::timestamptz END, '-infinity'), 'infinity'),
        b.bounds = 'DEFAULT', i.inhdetachpending
    FROM pg_partitioned_table AS p
    JOIN pg_inherits AS i ON i.inhparent = p.partrelid
    JOIN pg_class AS c ON c.oid = i.inhrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid)) AS b (bounds)
    CROSS JOIN LATERAL (
        SELECT a.atttypid IN ('date'::regtype, 'timestamptz'::regtype) AND p.partstrat = 'r' AND p.partnatts = 1
        FROM pg_attribute AS a
        WHERE a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    ) AS k (is_time)
    WHERE p.partrelid = parent AND k.is_time
    ORDER BY 4 NULLS FIRST, c.relname
$function$;

COMMENT ON FUNCTION performance_monitoring.range_partitions(regclass) IS
    'Partitions of a table by range of a date or a moment, by their real bounds in UTC';
REVOKE ALL ON FUNCTION performance_monitoring.range_partitions(regclass) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.range_partitions(regclass) TO pg_monitor;
