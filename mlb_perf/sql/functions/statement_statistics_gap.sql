-- drop: FUNCTION performance_monitoring.statement_statistics_gap()
-- What this role cannot see of pg_stat_statements and how to grant it; NULL if it sees all.
CREATE FUNCTION performance_monitoring.statement_statistics_gap()
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    extension_schema name;
BEGIN
    SELECT n.nspname INTO extension_schema
    FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_stat_statements';
    -- The library's settings exist where it is loaded.
    IF extension_schema IS NULL AND current_setting('pg_stat_statements.max', true) IS NOT NULL THEN
        RETURN 'pg_stat_statements is loaded, but not created in this database; '
            'run: CREATE EXTENSION pg_stat_statements';
    END IF;
    IF extension_schema IS NULL THEN
        RETURN 'the extension pg_stat_statements is not installed in this database; add it to '
            'shared_preload_libraries, restart, and run: CREATE EXTENSION pg_stat_statements';
    END IF;
    -- One row asks the library, which may not be loaded, and the view, which may not be readable.
    EXECUTE format('SELECT s.userid FROM %I.pg_stat_statements AS s LIMIT 1', extension_schema);
    IF NOT pg_has_role('pg_read_all_stats', 'USAGE') THEN
        RETURN format('statements of other roles are not visible to %I; a superuser can: '
            'GRANT pg_monitor TO %I', current_user, current_user);
    END IF;
    RETURN NULL;
EXCEPTION
    WHEN object_not_in_prerequisite_state THEN
        RETURN 'pg_stat_statements is installed but not loaded; add it to shared_preload_libraries '
            'and restart the server';
    WHEN insufficient_privilege THEN
        RETURN format('%I may not read pg_stat_statements; its owner can: GRANT SELECT ON '
            '%I.pg_stat_statements TO %I', current_user, extension_schema, current_user);
END
$function$;

COMMENT ON FUNCTION performance_monitoring.statement_statistics_gap() IS
    'What this role cannot see of pg_stat_statements; NULL if it sees all';
REVOKE ALL ON FUNCTION performance_monitoring.statement_statistics_gap() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.statement_statistics_gap() TO pg_monitor;
