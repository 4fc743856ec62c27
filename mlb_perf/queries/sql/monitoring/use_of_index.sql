SELECT captured_at, index_bytes, scans, entries_read, rows_fetched
FROM performance_monitoring.index_history
WHERE index_name = CAST(:index_name AS text)
  AND schema_name = CAST(:schema_name AS text)
  AND captured_at >= CAST(:since AS timestamptz)
ORDER BY captured_at
