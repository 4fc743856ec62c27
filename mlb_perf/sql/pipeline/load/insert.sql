-- The rows of a batch whose keys are new. They lie sorted by key, the earlier record first, so
-- that two loads of the same rows wait for each other and never deadlock.
INSERT INTO raw_data.{table} ({keys}, payload, origin)
SELECT {keys}, payload, origin
FROM pg_temp.incoming
ON CONFLICT DO NOTHING
RETURNING 1  -- to be counted: Citus says how many rows were selected (citus issue 3377)
