-- A load asks the same of each malformed record, so that none is kept twice.
SELECT raw_table, origin, reason, rejected_at
FROM staging.rejected_records
WHERE external_game_id = CAST(:external_game_id AS text)
  AND left(record ->> 'sha256', 64) = CAST(:sha256 AS text)
