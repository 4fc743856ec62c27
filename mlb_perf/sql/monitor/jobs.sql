-- Each maintenance job with its last run and its last success. A run that was cancelled counts for
-- none, so that the job is due again. Nine tenths of the interval are enough: a timer that comes
-- every five minutes comes a second early every other time.
SELECT
    j.job_id,
    j.name,
    j.command,
    j.every_minutes,
    j.is_enabled,
    r.status AS last_status,
    r.started_at AS last_started_at,
    r.finished_at AS last_finished_at,
    r.error_sqlstate,
    r.error_message,
    s.succeeded_at AS last_succeeded_at,
    extract(epoch FROM now() - coalesce(s.succeeded_at, j.created_at))::double precision
        AS seconds_without_success,
    r.started_at + j.every_minutes * interval '1 minute' AS due_at,
    j.is_enabled
        AND coalesce(now() >= r.started_at + j.every_minutes * interval '54 seconds', true) AS is_due
FROM performance_monitoring.maintenance_jobs AS j
LEFT JOIN LATERAL (
    SELECT l.status, l.started_at, l.finished_at, l.error_sqlstate, l.error_message
    FROM performance_monitoring.maintenance_runs AS l
    WHERE l.job_id = j.job_id AND l.status <> 'cancelled'
    ORDER BY l.started_at DESC, l.run_id DESC
    LIMIT 1
) AS r ON true
LEFT JOIN LATERAL (
    SELECT max(l.finished_at) AS succeeded_at
    FROM performance_monitoring.maintenance_runs AS l
    WHERE l.job_id = j.job_id AND l.status = 'succeeded'
) AS s ON true
ORDER BY j.name
