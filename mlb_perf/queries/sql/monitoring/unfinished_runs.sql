-- Runs that failed, were cancelled or still run, newest first.
SELECT execution_id, stage, source, status, started_at, error_sqlstate, error_message
FROM operational.pipeline_execution_log
WHERE status <> 'succeeded'
  AND started_at >= CAST(:since AS timestamptz)
ORDER BY started_at DESC
LIMIT 100
