-- drop: FUNCTION performance_monitoring.run_maintenance()
-- ANALYZE of what changed and of partitioned tables, the history thinned, a snapshot, the targets
-- validated; a row a step, and one row in maintenance_runs, unless the caller logs the run and has
-- set performance_monitoring.run_id to it. One at a time: a second one says so and does nothing. ANALYZE holds SHARE UPDATE EXCLUSIVE on its tables until the end of the transaction:
-- nobody who reads or writes waits, VACUUM and index builds do; a table that they have is skipped.
CREATE FUNCTION performance_monitoring.run_maintenance()
RETURNS TABLE (step text, object_name text, duration_ms double precision, note text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    began CONSTANT timestamptz := clock_timestamp();
    step_began timestamptz;
    run bigint := nullif(current_setting('performance_monitoring.run_id', true), '')::bigint;
    is_logged_by_caller CONSTANT boolean := run IS NOT NULL;
    due record;
    analyzed integer := 0;
    unmet text[];
BEGIN
    -- The lock of a row that others may not update: any role could hold an advisory lock.
    PERFORM FROM performance_monitoring.maintenance_jobs AS j
    WHERE j.job_id = performance_monitoring.maintenance_job('maintenance')
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'skipped', NULL::text, 0::double precision, 'another maintenance is running';
        RETURN;
    END IF;
    IF NOT is_logged_by_caller THEN
        INSERT INTO performance_monitoring.maintenance_runs (job_id, started_at)
        VALUES (performance_monitoring.maintenance_job('maintenance'), began)
        RETURNING run_id INTO run;
    END IF;

    FOR due IN SELECT * FROM performance_monitoring.analyze_due() LOOP
        step_began := clock_timestamp();
        IF due.is_allowed THEN
            EXECUTE due.statement;
            analyzed := analyzed + 1;
        END IF;
        RETURN QUERY SELECT 'analyze', due.object_name, extract(epoch FROM clock_timestamp() - step_began)::double precision * 1000,
            CASE WHEN due.is_allowed THEN format('%s rows changed', due.rows_changed)
                ELSE format('not allowed to %I; the owner can: %s', current_user, due.statement) END;
    END LOOP;

    step_began := clock_timestamp();
    RETURN QUERY SELECT 'thin_history', NULL::text, extract(epoch FROM clock_timestamp() - step_began)::double precision * 1000,
        format('%s rows deleted', deleted)
    FROM performance_monitoring.thin_history() AS deleted;

    RETURN QUERY SELECT 'snapshot', NULL::text, s.duration_ms,
        concat_ws('; ', format('%s tables, %s indexes, %s statements', s.tables, s.indexes, s.statements), s.note)
    FROM performance_monitoring.capture_snapshot() AS s;

    step_began := clock_timestamp();
    unmet := ARRAY(SELECT t.target FROM performance_monitoring.validate_performance_targets() AS t WHERE NOT t.is_met);
    RETURN QUERY SELECT 'validate', NULL::text, extract(epoch FROM clock_timestamp() - step_began)::double precision * 1000,
        CASE WHEN unmet = '{}' THEN 'no target is missed' ELSE 'missed: ' || array_to_string(unmet, ', ') END;

    UPDATE performance_monitoring.maintenance_runs AS r
    SET status = CASE WHEN is_logged_by_caller THEN r.status ELSE 'succeeded' END,
        finished_at = CASE WHEN is_logged_by_caller THEN r.finished_at ELSE clock_timestamp() END,
        details = r.details || jsonb_build_object('analyzed', analyzed, 'targets_missed', to_jsonb(unmet))
    WHERE r.run_id = run;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.run_maintenance() IS
    'ANALYZE what changed, thin the history, take a snapshot, validate the targets';
REVOKE ALL ON FUNCTION performance_monitoring.run_maintenance() FROM PUBLIC;
