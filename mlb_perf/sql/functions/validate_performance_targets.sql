-- drop: FUNCTION performance_monitoring.validate_performance_targets(numeric)
-- Each target, its latest figure, and whether it is met; NULL where nothing was measured yet. The
-- targets: each benchmark case's own, each category's, and the share of indexes that are used, of
-- those that only serve queries.
CREATE FUNCTION performance_monitoring.validate_performance_targets(min_index_use numeric DEFAULT 0.9)
RETURNS TABLE (
    target text, measure text, figure double precision, threshold double precision, is_met boolean,
    measured_at timestamptz
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT t.category || '/' || t.name, 'p95_ms', t.p95_ms, t.target_ms, t.is_met, t.measured_at
    FROM performance_monitoring.performance_test_summary AS t
    WHERE t.target_ms IS NOT NULL
    UNION ALL
    SELECT c.category, 'worst p95_ms', max(t.p95_ms), c.target_ms, max(t.p95_ms) <= c.target_ms,
        max(t.measured_at)
    FROM (
        SELECT name AS category, performance_monitoring.category_target_ms(name) AS target_ms
        FROM unnest(ARRAY['raw_ingestion', 'staging_processing', 'curated_analytics', 'joins']) AS name
    ) AS c
    LEFT JOIN performance_monitoring.performance_test_summary AS t ON t.category = c.category
    GROUP BY c.category, c.target_ms
    UNION ALL
    SELECT 'indexes', 'share used', u.share, min_index_use, u.share >= min_index_use, now()
    FROM (
        SELECT count(*) FILTER (WHERE scans > 0)::double precision / nullif(count(*), 0) AS share
        FROM performance_monitoring.index_usage
        WHERE NOT is_unique AND NOT is_constraint AND schema_name IN (
            'raw_data', 'staging', 'curated', 'analytics', 'operational')
    ) AS u
    ORDER BY 5 NULLS LAST, 1, 2
$function$;

COMMENT ON FUNCTION performance_monitoring.validate_performance_targets(numeric) IS
    'Each target, its latest figure, and whether it is met';
REVOKE ALL ON FUNCTION performance_monitoring.validate_performance_targets(numeric) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.validate_performance_targets(numeric) TO pg_monitor;
