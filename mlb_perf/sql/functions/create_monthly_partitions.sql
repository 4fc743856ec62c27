-- drop: FUNCTION performance_monitoring.create_monthly_partitions(text, text, integer)
-- create_partitions() of a table by month.
CREATE FUNCTION performance_monitoring.create_monthly_partitions(
    schema_name text, table_name text, months_ahead integer
)
RETURNS TABLE (partition regclass, range_start timestamptz, range_end timestamptz)
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT * FROM performance_monitoring.create_partitions(schema_name, table_name, 'month', months_ahead)
$function$;

COMMENT ON FUNCTION performance_monitoring.create_monthly_partitions(text, text, integer) IS
    'Makes the monthly partitions that a table lacks from this month to so many months ahead';
REVOKE ALL ON FUNCTION performance_monitoring.create_monthly_partitions(text, text, integer) FROM PUBLIC;
