-- A rebuild begins: its shadow exists, and no row is copied yet. A revision that rebuilds a table
-- twice keeps the earlier steps in the same row.

WITH finished AS (
    DELETE FROM {rebuilds} AS r
    WHERE r.schema_name = :schema
        AND r.table_name = :table
        AND (r.revision, r.direction) <> (:revision, :direction)
        AND r.phase = 'finished'
)
INSERT INTO {rebuilds} AS r (
    schema_name, table_name, revision, direction, phase, shadow_name, copied_to
)
VALUES (
    :schema, :table, :revision, :direction, :phase, :shadow,
    jsonb_build_object('step', CAST(:step AS text), 'done', '[]'::jsonb)
)
ON CONFLICT (schema_name, table_name, revision, direction) DO UPDATE
SET phase = excluded.phase,
    copied_to = jsonb_build_object(
        'step', CAST(:step AS text),
        'done', coalesce(r.copied_to -> 'done', '[]') || coalesce(r.copied_to -> 'step', '[]')
    ),
    end_key = NULL,
    rows_copied = 0,
    content_hash = NULL,
    started_at = clock_timestamp(),
    updated_at = clock_timestamp()
