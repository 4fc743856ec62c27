-- drop: FUNCTION performance_monitoring.schedule_maintenance()
-- Register every enabled job of maintenance_jobs with pg_cron, where it is installed in this
-- database and the caller may use it; a job of the same name is replaced, one that is disabled is
-- taken out. Otherwise, answer with what does the same: a line for crontab, units for systemd, a
-- CronJob for Kubernetes. Those run `mlb-perf maintain`, which runs what is due.
CREATE FUNCTION performance_monitoring.schedule_maintenance()
RETURNS TABLE (scheduler text, job_name text, is_registered boolean, definition text, note text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    job performance_monitoring.maintenance_jobs;
    gap text;
BEGIN
    PERFORM performance_monitoring.maintenance_job(name) FROM unnest(ARRAY['snapshot', 'maintenance']) AS name;
    gap := performance_monitoring.cron_gap();
    IF gap IS NOT NULL THEN
        RETURN QUERY SELECT s.scheduler, 'all jobs', false, s.definition, gap
        FROM performance_monitoring.scheduler_lines() AS s;
        RETURN;
    END IF;
    FOR job IN SELECT * FROM performance_monitoring.maintenance_jobs ORDER BY name LOOP
        scheduler := 'pg_cron';
        job_name := 'mlb_perf ' || job.name;
        is_registered := job.is_enabled;
        definition := format('SELECT performance_monitoring.run_job(%L)', job.name);
        IF job.is_enabled THEN
            EXECUTE 'SELECT cron.schedule($1, $2, $3)'
            USING job_name, performance_monitoring.cron_expression(job.every_minutes), definition;
        ELSE
            EXECUTE 'SELECT cron.unschedule(jobid) FROM cron.job WHERE jobname = $1 AND username = current_user'
            USING job_name;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.schedule_maintenance() IS
    'Register the maintenance jobs with pg_cron, or say what does the same';
REVOKE ALL ON FUNCTION performance_monitoring.schedule_maintenance() FROM PUBLIC;
