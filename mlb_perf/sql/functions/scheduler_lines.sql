-- drop: FUNCTION performance_monitoring.scheduler_lines()
-- What runs `mlb-perf maintain` every five minutes: a line for crontab, two units for systemd, a
-- CronJob for Kubernetes. MLB_PERF_DATABASE_URL, which has the password, is left to be filled in.
CREATE FUNCTION performance_monitoring.scheduler_lines()
RETURNS TABLE (scheduler text, definition text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    VALUES
    ('crontab', '*/5 * * * * MLB_PERF_DATABASE_URL=postgresql://... mlb-perf maintain'),
    ('systemd', $unit$# /etc/systemd/system/mlb-perf-maintain.service
[Service]
Type=oneshot
EnvironmentFile=/etc/mlb-perf.env
ExecStart=/usr/bin/env mlb-perf maintain

# /etc/systemd/system/mlb-perf-maintain.timer
[Timer]
OnCalendar=*:0/5
[Install]
WantedBy=timers.target$unit$),
    ('kubernetes', $manifest$apiVersion: batch/v1
kind: CronJob
metadata:
  name: mlb-perf-maintain
spec:
  schedule: "*/5 * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: maintain
              image: YOUR_IMAGE_WITH_MLB_PERF
              command: ["mlb-perf", "maintain"]
              envFrom:
                - secretRef:
                    name: mlb-perf-database$manifest$)
$function$;

COMMENT ON FUNCTION performance_monitoring.scheduler_lines() IS
    'What runs mlb-perf maintain every five minutes, for crontab, systemd and Kubernetes';
REVOKE ALL ON FUNCTION performance_monitoring.scheduler_lines() FROM PUBLIC;
