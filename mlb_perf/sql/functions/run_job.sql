-- drop: FUNCTION performance_monitoring.run_job(text)
-- Run one job of maintenance_jobs now, as the caller, and log it in maintenance_runs; its run's id.
-- This is what pg_cron calls. An error undoes the run with its row, and surfaces: pg_cron keeps it in
-- cron.job_run_details, and the job shows as late.
CREATE FUNCTION performance_monitoring.run_job(job_name text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    job performance_monitoring.maintenance_jobs;
    run bigint;
BEGIN
    SELECT * INTO job FROM performance_monitoring.maintenance_jobs AS j WHERE j.name = job_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no job % in performance_monitoring.maintenance_jobs', quote_nullable(job_name)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO performance_monitoring.maintenance_runs (job_id, started_at)
    VALUES (job.job_id, clock_timestamp())
    RETURNING run_id INTO run;
    PERFORM set_config('performance_monitoring.run_id', run::text, true);
    EXECUTE job.command;
    PERFORM set_config('performance_monitoring.run_id', '', true);
    UPDATE performance_monitoring.maintenance_runs AS r
    SET status = 'succeeded', finished_at = clock_timestamp()
    WHERE r.run_id = run;
    RETURN run;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.run_job(text) IS
    'Run one maintenance job now and log it';
REVOKE ALL ON FUNCTION performance_monitoring.run_job(text) FROM PUBLIC;
