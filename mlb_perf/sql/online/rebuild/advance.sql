-- Progress is kept in the transaction that made it.

UPDATE {rebuilds} AS r
SET phase = coalesce(:phase, r.phase),
    copied_to = coalesce(r.copied_to, '{}') || coalesce(CAST(:copied_to AS jsonb), '{}'),
    end_key = coalesce(CAST(:end_key AS jsonb), r.end_key),
    rows_copied = r.rows_copied + :rows,
    content_hash = coalesce(:content_hash, r.content_hash),
    updated_at = clock_timestamp()
WHERE r.schema_name = :schema
    AND r.table_name = :table
    AND r.revision = :revision
    AND r.direction = :direction
