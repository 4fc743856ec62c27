-- A load begins.
INSERT INTO operational.pipeline_execution_log (stage, source, started_at, details)
VALUES ('load', :source, clock_timestamp(), CAST(:details AS jsonb))
RETURNING execution_id
