-- drop: VIEW performance_monitoring.hot_rows
-- Raw rows that wait for promotion, by table: how many, and since when the first of them is there.
-- Counts 20,000 rows of a table and no more (is_more): to count millions takes seconds.
CREATE VIEW performance_monitoring.hot_rows WITH (security_invoker = true) AS
SELECT
    t.raw_table,
    least(h.hot_rows, 20000) AS hot_rows,
    h.hot_rows > 20000 AS is_more,
    h.oldest_collected_at,
    h.waiting_since,
    clock_timestamp() - h.waiting_since AS waiting_for
FROM (VALUES
    ('action_network_games'), ('action_network_history'), ('action_network_odds'), ('game_results'),
    ('line_history'), ('mlb_stats_api_games'), ('odds_api_odds'), ('sbd_splits'), ('vsin_splits')
) AS t (raw_table)
CROSS JOIN LATERAL (
    SELECT
        count(*) AS hot_rows,
        min(r.collected_at) AS oldest_collected_at,
        min(r.ingested_at) AS waiting_since
    FROM (
        SELECT a.collected_at, a.ingested_at
        FROM performance_monitoring.raw_rows AS a
        WHERE a.raw_table = t.raw_table AND a.processed_at IS NULL
        ORDER BY a.collected_at
        LIMIT 20001
    ) AS r
) AS h
ORDER BY h.waiting_since NULLS LAST, t.raw_table;

COMMENT ON VIEW performance_monitoring.hot_rows IS
    'Raw rows that wait for promotion, by table: number, and since when';
GRANT SELECT ON performance_monitoring.hot_rows TO pg_monitor;
