-- drop: FUNCTION performance_monitoring.cron_expression(integer)
-- How cron writes "every so many minutes"; SQLSTATE 22023 where it cannot: it divides hours and days.
CREATE FUNCTION performance_monitoring.cron_expression(every_minutes integer)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    expression CONSTANT text := CASE
        WHEN every_minutes = 1 THEN '* * * * *'
        WHEN every_minutes = 60 THEN '0 * * * *'
        WHEN every_minutes = 1440 THEN '0 4 * * *'
        WHEN every_minutes = 10080 THEN '0 4 * * 0'
        WHEN every_minutes BETWEEN 2 AND 30 AND 60 % every_minutes = 0 THEN format('*/%s * * * *', every_minutes)
        WHEN every_minutes BETWEEN 120 AND 720 AND every_minutes % 60 = 0 AND 1440 % every_minutes = 0
            THEN format('0 */%s * * *', every_minutes / 60)
    END;
BEGIN
    IF expression IS NULL THEN
        RAISE EXCEPTION 'cron cannot write "every % minutes"', coalesce(every_minutes::text, 'NULL') USING
            ERRCODE = 'invalid_parameter_value',
            HINT = 'Give maintenance_jobs.every_minutes a divisor of 60, a multiple of 60 that divides 1440, or 10080.';
    END IF;
    RETURN expression;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.cron_expression(integer) IS
    'How cron writes "every so many minutes"';
REVOKE ALL ON FUNCTION performance_monitoring.cron_expression(integer) FROM PUBLIC;
