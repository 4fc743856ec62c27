-- drop: FUNCTION performance_monitoring.run_read_only(text, boolean)
-- Run one query that reads, with a new plan: how many milliseconds it took, or, explained, what
-- EXPLAIN (ANALYZE, BUFFERS) says of it in JSON.
--
-- The query runs as the caller, in a subtransaction that is read-only and always rolled back. What
-- is read-only cannot be made writable again there, not by SET, set_config() or a function's SET
-- clause, because a snapshot has been taken; the rollback undoes what a read-only transaction
-- allows all the same: temporary tables, settings, NOTIFY. Effects outside of transactions
-- (advisory locks of the session, signals to other sessions, connections to other databases) are
-- no data of this one, and stay.
CREATE FUNCTION performance_monitoring.run_read_only(query text, is_explained boolean)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    opened refcursor;
    began timestamptz;
    measured jsonb;
BEGIN
    BEGIN
        SET LOCAL transaction_read_only = on;
        -- A cursor takes one statement that returns rows, whatever the text contains.
        OPEN opened FOR EXECUTE query;
        CLOSE opened;
        IF is_explained THEN
            EXECUTE 'EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, BUFFERS, SUMMARY, FORMAT JSON) ' || query
            INTO measured;
        ELSE
            began := clock_timestamp();
            EXECUTE query;
            measured := to_jsonb(extract(epoch FROM clock_timestamp() - began) * 1000);
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'MP000', MESSAGE = 'rolled back';
    EXCEPTION
        WHEN SQLSTATE 'MP000' THEN
            -- The same code from within the query is an error of the query.
            IF measured IS NULL THEN
                RAISE;
            END IF;
        WHEN read_only_sql_transaction OR invalid_cursor_definition OR feature_not_supported
            OR active_sql_transaction OR invalid_transaction_termination THEN
            RAISE EXCEPTION USING
                ERRCODE = SQLSTATE,
                MESSAGE = format('only one query that changes nothing is run here; this one was refused: %s', SQLERRM),
                HINT = 'Give one SELECT, VALUES, TABLE or WITH that calls no function that writes.';
    END;
    RETURN measured;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.run_read_only(text, boolean) IS
    'Run one query that reads, with a new plan: its milliseconds, or its EXPLAIN (ANALYZE, BUFFERS)';
REVOKE ALL ON FUNCTION performance_monitoring.run_read_only(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.run_read_only(text, boolean) TO pg_monitor;
