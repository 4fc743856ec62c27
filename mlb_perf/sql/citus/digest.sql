-- The rows of {table}, counted, and the sum of their hashes.
SELECT count(*) AS rows, coalesce(sum(hash_record_extended(ROW(t.*), 0)), 0) AS total
FROM {table} AS t
