-- How many rows were written to a table's partitions since the statistics were reset.
-- A session hands its counts in when it ends: ask after the sessions that wrote have ended.

SELECT
    sum(pg_stat_get_tuples_inserted(p.relid)) AS inserted,
    sum(pg_stat_get_tuples_updated(p.relid)) AS updated,
    sum(pg_stat_get_tuples_hot_updated(p.relid)) AS hot
FROM pg_partition_tree(:table) AS p
WHERE p.isleaf
