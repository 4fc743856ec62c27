-- drop: FUNCTION performance_monitoring.table_bloat_exact(regclass)
-- The bloat of one table, read from the table itself by pgstattuple; where that extension is
-- absent, one row whose note says so. Reads the whole table.
CREATE FUNCTION performance_monitoring.table_bloat_exact(relation regclass)
RETURNS TABLE (heap_bytes bigint, live_bytes bigint, dead_bytes bigint, free_bytes bigint, bloat_ratio numeric, note text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    extension_schema name;
BEGIN
    SELECT n.nspname INTO extension_schema
    FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'pgstattuple';
    IF extension_schema IS NULL THEN
        note := 'the extension pgstattuple is not installed; a superuser can: CREATE EXTENSION pgstattuple';
        RETURN NEXT;
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT s.table_len, s.tuple_len, s.dead_tuple_len, s.free_space,
            round((s.dead_tuple_len + s.free_space) / nullif(s.table_len, 0)::numeric, 3), NULL::text
        FROM %I.pgstattuple($1) AS s', extension_schema
    ) USING relation;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.table_bloat_exact(regclass) IS
    'Bloat of one table, read from the table by pgstattuple';
REVOKE ALL ON FUNCTION performance_monitoring.table_bloat_exact(regclass) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.table_bloat_exact(regclass) TO pg_monitor;
