-- Promotion asks the same of each row that it promotes.
SELECT source, raw_table, sportsbook_key, reason_code, reason, attempts, rejected_at, resolved_at
FROM staging.rejected_records
WHERE external_game_id = CAST(:external_game_id AS text)
  AND collected_at = CAST(:collected_at AS timestamptz)
ORDER BY raw_table, sportsbook_key, reason_code
