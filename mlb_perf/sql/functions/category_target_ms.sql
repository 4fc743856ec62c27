-- drop: FUNCTION performance_monitoring.category_target_ms(text)
-- The target of a category of queries in milliseconds; NULL where it has none.
CREATE FUNCTION performance_monitoring.category_target_ms(category text)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE category
        WHEN 'raw_ingestion' THEN 50
        WHEN 'staging_processing' THEN 75
        WHEN 'curated_analytics' THEN 200
        WHEN 'joins' THEN 150
    END
$function$;

COMMENT ON FUNCTION performance_monitoring.category_target_ms(text) IS
    'The target of a category of queries, ms; NULL where it has none';
REVOKE ALL ON FUNCTION performance_monitoring.category_target_ms(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.category_target_ms(text) TO pg_monitor;
