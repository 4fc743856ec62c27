-- The rows of raw_data.{table} that have standing rejections are hot again.
UPDATE raw_data.{table} AS r
SET processed_at = NULL
WHERE processed_at IS NOT NULL
  AND EXISTS (
    SELECT 1 FROM staging.rejected_records AS x
    WHERE x.raw_table = '{table}' AND x.resolved_at IS NULL
      AND x.external_game_id = r.external_game_id AND x.collected_at = r.collected_at
  )
