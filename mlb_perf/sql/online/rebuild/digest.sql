-- How many rows there are, and the sum of their hashes, which no order changes: of the
-- table and of its shadow, in one snapshot.

SELECT
    old.row_count AS old_count,
    old.digest::text AS old_digest,
    new.row_count AS new_count,
    new.digest::text AS new_digest
FROM (
    SELECT count(*) AS row_count, coalesce(sum(hash_record_extended(ROW({old_columns}), 0)), 0) AS digest
    FROM {live} AS r
) AS old,
(
    SELECT count(*) AS row_count, coalesce(sum(hash_record_extended(ROW({new_columns}), 0)), 0) AS digest
    FROM {shadow} AS r
) AS new
