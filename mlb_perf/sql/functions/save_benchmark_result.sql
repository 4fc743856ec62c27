-- drop: FUNCTION performance_monitoring.save_benchmark_result(performance_monitoring.benchmark_results)
-- Write a benchmark's result where the caller may and the transaction is not read-only, as on a
-- replica; either way return it, with details.is_saved.
CREATE FUNCTION performance_monitoring.save_benchmark_result(result performance_monitoring.benchmark_results)
RETURNS performance_monitoring.benchmark_results
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    may_save CONSTANT boolean :=
        has_table_privilege('performance_monitoring.benchmark_results', 'INSERT')
        AND has_sequence_privilege('performance_monitoring.benchmark_results_result_id_seq', 'USAGE')
        AND NOT current_setting('transaction_read_only')::boolean;
BEGIN
    result.details := result.details || jsonb_build_object('is_saved', may_save);
    IF may_save THEN
        result.result_id := nextval('performance_monitoring.benchmark_results_result_id_seq');
        INSERT INTO performance_monitoring.benchmark_results SELECT result.*;
    END IF;
    RETURN result;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.save_benchmark_result(performance_monitoring.benchmark_results) IS
    'Write a result to benchmark_results where the caller may';
REVOKE ALL ON FUNCTION performance_monitoring.save_benchmark_result(performance_monitoring.benchmark_results) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.save_benchmark_result(performance_monitoring.benchmark_results)
    TO pg_monitor;
