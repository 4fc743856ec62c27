-- The batch is cold: each of its rows is promoted or rejected.
UPDATE raw_data.{table} AS r
SET processed_at = now()
FROM batch
WHERE r.external_game_id = batch.external_game_id
  AND r.collected_at = batch.collected_at
  AND {recent}
  AND {key}
