-- One batch, and how far it got, in one statement: rows that the shadow has already came through
-- the trigger and are newer. Tells how many were copied, and in which file the rows lie by now.

WITH copied AS (
    INSERT INTO {shadow} ({columns})
    SELECT {values}
    FROM ONLY {source} AS r
    WHERE r.ctid >= '({first},0)' AND r.ctid < '({next},0)'
    {order}
    FOR NO KEY UPDATE OF r
    ON CONFLICT ({key}) DO NOTHING
    RETURNING 1
)
UPDATE {rebuilds} AS r
SET copied_to = coalesce(r.copied_to, jsonb_build_object()) || jsonb_build_object('{oid}', {next}),
    rows_copied = r.rows_copied + (SELECT count(*) FROM copied),
    updated_at = clock_timestamp()
WHERE r.schema_name = :schema
    AND r.table_name = :table
    AND r.revision = :revision
    AND r.direction = :direction
RETURNING (SELECT count(*) FROM copied) AS rows, pg_relation_filenode({oid}) AS filenode
