-- What this batch rejects, against what its rows had rejected before: new
-- ones are added, standing ones are counted, others are resolved.
WITH told AS (
    SELECT DISTINCT ON (rejection.raw_id, rejection.reason_code, rejection.record)
        batch.*, rejection.reason_code, rejection.reason, rejection.record
    FROM rejection
    JOIN batch USING (raw_id)
),
standing AS (
    SELECT r.external_game_id, r.rejection_id,
        CASE WHEN told.raw_id IS NULL THEN r.attempts ELSE r.attempts + 1 END AS attempts,
        CASE WHEN told.raw_id IS NULL THEN coalesce(r.resolved_at, now()) END AS resolved_at
    FROM {rejections} AS r
    JOIN batch
      ON batch.external_game_id = r.external_game_id
     AND batch.collected_at = r.collected_at
     AND batch.sportsbook_key IS NOT DISTINCT FROM r.sportsbook_key
     AND batch.row_key IS NOT DISTINCT FROM r.row_key
     AND left(batch.source, 32) = r.source
    LEFT JOIN told
      ON told.raw_id = batch.raw_id AND told.reason_code = r.reason_code AND told.record = r.record
    WHERE r.raw_table = '{table}' AND (told.raw_id IS NOT NULL OR r.resolved_at IS NULL)
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
    SELECT 1 FROM {rejections} AS r
    WHERE r.external_game_id = told.external_game_id
      AND r.raw_table = '{table}'
      AND r.sportsbook_key IS NOT DISTINCT FROM told.sportsbook_key
      AND r.row_key IS NOT DISTINCT FROM told.row_key
      AND r.source = left(told.source, 32)
      AND r.collected_at = told.collected_at
      AND r.reason_code = told.reason_code
      AND r.record = told.record
)
RETURNING 1  -- without it Citus copies the rows, and an error has no SQLSTATE
