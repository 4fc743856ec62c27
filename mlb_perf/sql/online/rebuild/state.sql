-- How far the rebuild is that this revision does in this direction.

SELECT r.phase, r.copied_to, r.end_key, r.rows_copied, r.content_hash
FROM performance_monitoring.rebuilds AS r
WHERE r.schema_name = :schema
    AND r.table_name = :table
    AND r.revision = :revision
    AND r.direction = :direction
