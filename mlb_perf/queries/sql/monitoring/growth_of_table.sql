-- By table and time, so that the snapshots of the others are not read.
SELECT captured_at, heap_bytes, toast_bytes, index_bytes, live_rows, dead_rows
FROM performance_monitoring.table_history
WHERE schema_name = CAST(:schema_name AS text)
  AND table_name = CAST(:table_name AS text)
  AND captured_at >= CAST(:since AS timestamptz)
ORDER BY captured_at
