SELECT external_game_id, source, raw_table, collected_at, reason, attempts, rejected_at
FROM staging.rejected_records
WHERE reason_code = CAST(:reason_code AS text)
  AND resolved_at IS NULL
ORDER BY rejected_at DESC
LIMIT 50
