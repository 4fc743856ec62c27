-- How many rows were written to a table since the statistics were reset.
-- A session hands its counts in when it ends: ask after the sessions that wrote have ended.

SELECT
    pg_stat_get_tuples_inserted(oid) AS inserted,
    pg_stat_get_tuples_updated(oid) AS updated,
    pg_stat_get_tuples_hot_updated(oid) AS hot
FROM pg_class
WHERE oid = to_regclass(:table)
