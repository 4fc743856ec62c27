-- drop: FUNCTION performance_monitoring.statement_statistics()
-- What pg_stat_statements counted in this database since its reset, a row for each statement and
-- role; no row where statement_statistics_gap() says that there is nothing to be read. Times in ms.
CREATE FUNCTION performance_monitoring.statement_statistics()
RETURNS TABLE (
    query_id bigint, role_name name, query_text text, calls bigint, total_ms double precision,
    mean_ms double precision, stddev_ms double precision, row_count bigint, buffers_hit bigint,
    buffers_read bigint
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    extension_schema name;
BEGIN
    SELECT n.nspname INTO extension_schema
    FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_stat_statements';
    IF extension_schema IS NULL THEN
        RETURN;
    END IF;
    -- The same statement is counted apart on the top level and inside of functions. A statement of
    -- another role has no queryid for those who may not see it.
    RETURN QUERY EXECUTE format(
        'SELECT s.queryid, pg_get_userbyid(s.userid), min(s.query), sum(s.calls)::bigint,
            sum(s.total_exec_time), sum(s.total_exec_time) / sum(s.calls),
            sqrt(greatest(sum(s.calls * (s.stddev_exec_time ^ 2 + s.mean_exec_time ^ 2)) / sum(s.calls)
                - (sum(s.total_exec_time) / sum(s.calls)) ^ 2, 0)),
            sum(s.rows)::bigint, sum(s.shared_blks_hit)::bigint, sum(s.shared_blks_read)::bigint
        FROM %I.pg_stat_statements AS s
        WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND s.queryid IS NOT NULL AND s.calls > 0
        GROUP BY s.queryid, s.userid', extension_schema);
EXCEPTION
    WHEN object_not_in_prerequisite_state OR insufficient_privilege THEN
        RETURN;  -- statement_statistics_gap() says it in words
END
$function$;

COMMENT ON FUNCTION performance_monitoring.statement_statistics() IS
    'What pg_stat_statements counted in this database; empty where there is nothing to be read';
REVOKE ALL ON FUNCTION performance_monitoring.statement_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.statement_statistics() TO pg_monitor;
