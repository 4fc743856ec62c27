-- The use of sequences on one node: a worker numbers rows from a range of its own.
SELECT schemaname AS schema_name, sequencename AS sequence_name, last_value,
    max_value AS highest_value, max_value - last_value AS values_left,
    round((last_value - min_value) / nullif(max_value - min_value, 0)::numeric, 4) AS used_ratio
FROM pg_sequences
WHERE last_value IS NOT NULL AND increment_by > 0 AND NOT cycle
