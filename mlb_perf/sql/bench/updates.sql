-- What was written to a table's partitions since the statistics were reset, and their bytes.
-- A session hands its counts in when it ends: whoever asks has waited for those who wrote.

SELECT
    sum(pg_stat_get_tuples_inserted(p.relid)) AS inserted,
    sum(pg_stat_get_tuples_updated(p.relid)) AS updated,
    sum(pg_stat_get_tuples_hot_updated(p.relid)) AS hot,
    sum(pg_relation_size(p.relid)) AS heap,
    sum(pg_indexes_size(p.relid)) AS indexes
FROM pg_partition_tree(:table) AS p
WHERE p.isleaf
