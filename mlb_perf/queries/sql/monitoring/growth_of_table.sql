-- By the table, so that the snapshots of the others are not read. The bound is written with ALL
-- because a generic plan would read the time's part of the primary key, which has all tables.
SELECT captured_at, heap_bytes, toast_bytes, index_bytes, live_rows, dead_rows
FROM performance_monitoring.table_history
WHERE schema_name = CAST(:schema_name AS text)
  AND table_name = CAST(:table_name AS text)
  AND captured_at >= ALL (ARRAY[CAST(:since AS timestamptz)])
ORDER BY captured_at
