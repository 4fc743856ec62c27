-- The rejected part of a payload, by what it contains: rejections are few and
-- written apart from ingestion, so that a GIN index costs the feeds nothing.
SELECT external_game_id, source, raw_table, reason_code, reason, rejected_at
FROM staging.rejected_records
WHERE record @> CAST(:pattern AS jsonb)
ORDER BY rejected_at DESC
LIMIT 100
