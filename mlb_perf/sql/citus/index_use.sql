-- The use and size of indexes on one node.
SELECT schemaname AS schema_name, indexrelname AS index_name, idx_scan AS scans,
    idx_tup_read AS entries_read, idx_tup_fetch AS rows_fetched,
    pg_relation_size(indexrelid) AS index_bytes
FROM pg_stat_user_indexes
