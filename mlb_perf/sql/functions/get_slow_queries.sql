-- drop: FUNCTION performance_monitoring.get_slow_queries(double precision, integer)
-- The statements of this database whose mean is at least min_mean_ms, those first that took most
-- in all. p95_estimate_ms is mean + 1.645 standard deviations, as of a normal distribution: times
-- are skewed, so it is a hint. What the caller cannot see is said in the note of a last row.
CREATE FUNCTION performance_monitoring.get_slow_queries(
    min_mean_ms double precision DEFAULT 100, max_rows integer DEFAULT 20
)
RETURNS TABLE (
    query_id bigint, role_name name, query_text text, calls bigint, total_ms double precision,
    mean_ms double precision, stddev_ms double precision, p95_estimate_ms double precision,
    row_count bigint, hit_ratio numeric, note text
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    (
        SELECT s.query_id, s.role_name, s.query_text, s.calls, s.total_ms, s.mean_ms, s.stddev_ms,
            s.mean_ms + 1.645 * s.stddev_ms, s.row_count,
            round(s.buffers_hit / nullif(s.buffers_hit + s.buffers_read, 0)::numeric, 4), NULL
        FROM performance_monitoring.statement_statistics() AS s
        WHERE s.mean_ms >= min_mean_ms
        ORDER BY s.total_ms DESC
        LIMIT max_rows
    )
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, gap
    FROM performance_monitoring.statement_statistics_gap() AS gap
    WHERE gap IS NOT NULL
$function$;

COMMENT ON FUNCTION performance_monitoring.get_slow_queries(double precision, integer) IS
    'Statements of at least so many ms in the mean, from pg_stat_statements';
REVOKE ALL ON FUNCTION performance_monitoring.get_slow_queries(double precision, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.get_slow_queries(double precision, integer) TO pg_monitor;
