-- Every rebuild that is known, the last first.

SELECT format('%s.%s', r.schema_name, r.table_name) AS table_name, r.revision, r.direction, r.phase,
    r.rows_copied, r.updated_at AT TIME ZONE 'UTC' AS updated_at
FROM {rebuilds} AS r
ORDER BY r.updated_at DESC, table_name
