-- What this batch rejects, against what its rows had rejected before: new
-- ones are added, standing ones are counted, others are resolved. Earlier rejections are looked up for
-- each row: a feed that is refused adds some at each poll, and a join may read them all.
WITH told AS (
    SELECT DISTINCT ON (rejection.raw_id, rejection.reason_code, rejection.record)
        batch.*, rejection.reason_code, rejection.reason, rejection.record
    FROM rejection
    JOIN batch USING (raw_id)
),
before AS MATERIALIZED (
    SELECT batch.raw_id, r.*
    FROM batch
    CROSS JOIN LATERAL (
        SELECT r.external_game_id, r.rejection_id, r.reason_code, r.record, r.attempts,
            r.resolved_at
        FROM {rejections} AS r
        WHERE r.external_game_id = batch.external_game_id
          AND r.collected_at = batch.collected_at
          AND r.raw_table = '{table}'
          AND r.sportsbook_key IS NOT DISTINCT FROM batch.sportsbook_key
          AND r.row_key IS NOT DISTINCT FROM batch.row_key
          AND r.source = left(batch.source, 32)
        OFFSET 0  -- one probe of the index for each row
    ) AS r
),
standing AS (
    SELECT b.external_game_id, b.rejection_id,
        CASE WHEN told.raw_id IS NULL THEN b.attempts ELSE b.attempts + 1 END AS attempts,
        CASE WHEN told.raw_id IS NULL THEN coalesce(b.resolved_at, now()) END AS resolved_at
    FROM before AS b
    LEFT JOIN told
      ON told.raw_id = b.raw_id AND told.reason_code = b.reason_code AND told.record = b.record
    WHERE told.raw_id IS NOT NULL OR b.resolved_at IS NULL
),
counted AS (
    UPDATE staging.rejected_records AS r
    SET attempts = s.attempts, resolved_at = s.resolved_at
    FROM standing AS s
    WHERE r.external_game_id = s.external_game_id AND r.rejection_id = s.rejection_id
)
INSERT INTO staging.rejected_records (
    external_game_id, source, raw_table, sportsbook_key, row_key, collected_at, reason_code, reason,
    record, origin
)
SELECT told.external_game_id, left(told.source, 32), '{table}', told.sportsbook_key, told.row_key,
    told.collected_at, told.reason_code, told.reason, told.record, told.origin
FROM told
WHERE NOT EXISTS (
    SELECT 1 FROM before AS b
    WHERE b.raw_id = told.raw_id AND b.reason_code = told.reason_code AND b.record = told.record
)
RETURNING 1  -- without it Citus copies the rows, and an error has no SQLSTATE
