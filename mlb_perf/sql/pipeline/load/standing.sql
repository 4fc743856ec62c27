-- On a distributed database: a copy of the rows whose keys a batch has, for differing.sql. A row of
-- another node cannot be locked in a join, so one load at a time completes rows, by the lock of a table
-- that only loads and promotions may take, as for malformed records.
LOCK TABLE operational.pipeline_execution_log IN SHARE UPDATE EXCLUSIVE MODE;

DROP TABLE IF EXISTS pg_temp.standing;

CREATE TEMPORARY TABLE standing ON COMMIT DROP AS
SELECT r.*
FROM raw_data.{table} AS r
JOIN (SELECT DISTINCT {keys} FROM pg_temp.incoming) AS i ON {same_key}
