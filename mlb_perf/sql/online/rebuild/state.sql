-- The rebuilds of a table: that of this revision and direction first.

SELECT r.revision, r.direction, r.phase, r.copied_to, r.end_key, r.rows_copied, r.content_hash,
    (r.revision, r.direction) = (:revision, :direction) AS is_own
FROM {rebuilds} AS r
WHERE r.schema_name = :schema AND r.table_name = :table
ORDER BY is_own DESC, r.updated_at
