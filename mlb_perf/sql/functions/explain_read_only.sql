-- drop: FUNCTION performance_monitoring.explain_read_only(text)
-- Run one query that reads, planned anew, and say what EXPLAIN (ANALYZE) measured, in JSON.
--
-- The query runs as the caller, in a subtransaction that is read-only and always rolled back. What
-- is read-only cannot be made writable again there, not by SET, set_config() or a function's SET
-- clause, because a snapshot has been taken; the rollback undoes what a read-only transaction
-- allows all the same: temporary tables, settings, NOTIFY. Effects outside of transactions
-- (advisory locks of the session, signals to other sessions, connections to other databases) are
-- no data of this one, and stay.
CREATE FUNCTION performance_monitoring.explain_read_only(query text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    opened refcursor;
    plan jsonb;
    done CONSTANT text := 'MP000';
BEGIN
    BEGIN
        SET LOCAL transaction_read_only = on;
        -- A cursor takes one statement that returns rows, whatever the text contains.
        OPEN opened FOR EXECUTE query;
        CLOSE opened;
        EXECUTE 'EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, BUFFERS, SUMMARY, FORMAT JSON) ' || query INTO plan;
        RAISE EXCEPTION USING ERRCODE = done, MESSAGE = 'rolled back';
    EXCEPTION
        WHEN SQLSTATE 'MP000' THEN
            -- The same code from within the query is an error of the query.
            IF plan IS NULL THEN
                RAISE;
            END IF;
        WHEN read_only_sql_transaction OR invalid_cursor_definition OR feature_not_supported
            OR active_sql_transaction OR invalid_transaction_termination THEN
            RAISE EXCEPTION USING
                ERRCODE = SQLSTATE,
                MESSAGE = format('only one query that changes nothing is run here; this one was refused: %s', SQLERRM),
                HINT = 'Give one SELECT, VALUES, TABLE or WITH that calls no function that writes.';
    END;
    RETURN plan;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.explain_read_only(text) IS
    'Run one query that reads, planned anew, and return EXPLAIN (ANALYZE, BUFFERS) in JSON';
REVOKE ALL ON FUNCTION performance_monitoring.explain_read_only(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.explain_read_only(text) TO pg_monitor;
