-- drop: FUNCTION performance_monitoring.cron_gap()
-- Why the caller cannot use pg_cron in this database; NULL if it can.
CREATE FUNCTION performance_monitoring.cron_gap()
RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron')
            THEN 'the extension pg_cron is not installed in this database'
        WHEN NOT has_schema_privilege('cron', 'USAGE')
            THEN format('%I may not use pg_cron; a superuser can: GRANT USAGE ON SCHEMA cron TO %I',
                current_user, current_user)
    END
$function$;

COMMENT ON FUNCTION performance_monitoring.cron_gap() IS
    'Why the caller cannot use pg_cron in this database; NULL if it can';
REVOKE ALL ON FUNCTION performance_monitoring.cron_gap() FROM PUBLIC;
