-- What the rows of the batch had rejected before.
TRUNCATE pg_temp.rejections;

INSERT INTO pg_temp.rejections
SELECT *
FROM staging.rejected_records
WHERE external_game_id IN (SELECT external_game_id FROM batch)
  AND collected_at IN (SELECT collected_at FROM batch)
