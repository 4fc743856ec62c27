-- drop: FUNCTION performance_monitoring.benchmark_query_detailed(text, text, integer, text)
-- Run one query that reads so many times, each with a fresh plan, and write what was measured to
-- benchmark_results. Runs as the caller, so the query may read what the caller may; names in it are
-- qualified, because search_path is pinned.
--
-- A time is parsing, planning and execution in the server, without the sending of rows; percentiles
-- are times that were observed (nearest rank). Rows, buffers and plan are those of one more run
-- afterwards with EXPLAIN (ANALYZE, TIMING OFF), whose counting would slow a query that does little
-- but pass rows on; only for more than 100,000 rows, which EXECUTE would keep in memory, are the
-- times EXPLAIN's (details.timed_by). A first run, which is not counted, fills the cache;
-- details has its time and buffers, and is_saved: false without the right to write the result.
CREATE FUNCTION performance_monitoring.benchmark_query_detailed(
    name text, query text, iterations integer DEFAULT 10, category text DEFAULT 'ad_hoc'
)
RETURNS performance_monitoring.benchmark_results
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    result performance_monitoring.benchmark_results;
    first_plan jsonb;
    plan jsonb;
    is_large boolean;
    times double precision[] := '{}';
BEGIN
    IF iterations IS NULL OR iterations NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'iterations is %; give 1 to 10000', coalesce(iterations::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF coalesce(length(name), 0) NOT BETWEEN 1 AND 64 OR coalesce(length(category), 0) NOT BETWEEN 1 AND 32
        OR query IS NULL THEN
        RAISE EXCEPTION 'a benchmark needs a name of 1 to 64 characters, a query, and a category of 1 to 32'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    first_plan := performance_monitoring.run_read_only(query, true);
    is_large := (first_plan -> 0 -> 'Plan' ->> 'Actual Rows')::numeric > 100000;
    FOR i IN 1..iterations LOOP
        plan := performance_monitoring.run_read_only(query, is_large);
        times := times || CASE WHEN is_large
            THEN (plan -> 0 ->> 'Planning Time')::double precision + (plan -> 0 ->> 'Execution Time')::double precision
            ELSE plan::double precision END;
    END LOOP;
    plan := performance_monitoring.run_read_only(query, true);

    SELECT
        min(t), avg(t), max(t), coalesce(stddev_samp(t), 0),
        percentile_disc(0.50) WITHIN GROUP (ORDER BY t),
        percentile_disc(0.95) WITHIN GROUP (ORDER BY t),
        percentile_disc(0.99) WITHIN GROUP (ORDER BY t)
    INTO
        result.min_ms, result.mean_ms, result.max_ms, result.stddev_ms, result.p50_ms, result.p95_ms,
        result.p99_ms
    FROM unnest(times) AS t;

    SELECT
        coalesce(array_agg(DISTINCT n.index_name ORDER BY n.index_name)
            FILTER (WHERE n.index_name IS NOT NULL), '{}'),
        -- A set of nodes: a further partition that is read in the same way is the same shape.
        md5(string_agg(DISTINCT concat_ws(' ', n.depth, n.node_type, n.details, n.relation_name,
            n.index_name), E'\n'))
    INTO result.indexes_used, result.plan_fingerprint
    FROM performance_monitoring.plan_nodes(plan) AS n;

    result.name := name;
    result.category := category;
    result.iterations := iterations;
    result.target_ms := performance_monitoring.category_target_ms(category);
    result.row_count := round((plan -> 0 -> 'Plan' ->> 'Actual Rows')::numeric);
    result.buffers_hit := plan -> 0 -> 'Plan' -> 'Shared Hit Blocks';
    result.buffers_read := plan -> 0 -> 'Plan' -> 'Shared Read Blocks';
    result.details := jsonb_build_object(
        'query', query,
        'timed_by', CASE WHEN is_large THEN 'EXPLAIN' ELSE 'EXECUTE' END,
        'planning_ms', plan -> 0 -> 'Planning Time',
        'first_ms', (first_plan -> 0 ->> 'Planning Time')::double precision
            + (first_plan -> 0 ->> 'Execution Time')::double precision,
        'first_buffers_read', first_plan -> 0 -> 'Plan' -> 'Shared Read Blocks'
    );
    result.measured_at := clock_timestamp();
    RETURN performance_monitoring.save_benchmark_result(result);
END
$function$;

COMMENT ON FUNCTION performance_monitoring.benchmark_query_detailed(text, text, integer, text) IS
    'Measure one query that reads, and write the figures to benchmark_results';
REVOKE ALL ON FUNCTION performance_monitoring.benchmark_query_detailed(text, text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.benchmark_query_detailed(text, text, integer, text) TO pg_monitor;
