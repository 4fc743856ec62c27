-- drop: FUNCTION performance_monitoring.maintenance_job(text)
-- The id of a job of this package in maintenance_jobs, which gains it where it lacks it; what an
-- operator changed in it stays. SQLSTATE 22023 for a name that is none.
CREATE FUNCTION performance_monitoring.maintenance_job(job_name text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    found_id bigint;
BEGIN
    SELECT j.job_id INTO found_id FROM performance_monitoring.maintenance_jobs AS j WHERE j.name = job_name;
    IF found_id IS NOT NULL THEN
        RETURN found_id;  -- without the right to insert
    END IF;
    INSERT INTO performance_monitoring.maintenance_jobs AS j (name, command, every_minutes)
    SELECT d.name, d.command, d.every_minutes
    FROM (VALUES
        ('snapshot', 'SELECT * FROM performance_monitoring.capture_snapshot()', 5),
        ('maintenance', 'SELECT * FROM performance_monitoring.run_maintenance()', 60)
    ) AS d (name, command, every_minutes)
    WHERE d.name = job_name
    ON CONFLICT (name) DO NOTHING;
    SELECT j.job_id INTO found_id FROM performance_monitoring.maintenance_jobs AS j WHERE j.name = job_name;
    IF found_id IS NULL THEN
        RAISE EXCEPTION 'there is no maintenance job %; the jobs are snapshot and maintenance', quote_nullable(job_name)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN found_id;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.maintenance_job(text) IS
    'The id of a job of this package, which is made where it is missing';
REVOKE ALL ON FUNCTION performance_monitoring.maintenance_job(text) FROM PUBLIC;
