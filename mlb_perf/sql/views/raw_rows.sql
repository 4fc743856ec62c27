-- drop: VIEW performance_monitoring.raw_rows
-- The times of the rows of all raw tables, without what the rows hold. With a condition on raw_table
-- the other tables are not read.
CREATE VIEW performance_monitoring.raw_rows WITH (security_invoker = true) AS
SELECT 'action_network_games'::text AS raw_table, collected_at, ingested_at, processed_at FROM raw_data.action_network_games
UNION ALL
SELECT 'action_network_history', collected_at, ingested_at, processed_at FROM raw_data.action_network_history
UNION ALL
SELECT 'action_network_odds', collected_at, ingested_at, processed_at FROM raw_data.action_network_odds
UNION ALL
SELECT 'game_results', collected_at, ingested_at, processed_at FROM raw_data.game_results
UNION ALL
SELECT 'line_history', collected_at, ingested_at, processed_at FROM raw_data.line_history
UNION ALL
SELECT 'mlb_stats_api_games', collected_at, ingested_at, processed_at FROM raw_data.mlb_stats_api_games
UNION ALL
SELECT 'odds_api_odds', collected_at, ingested_at, processed_at FROM raw_data.odds_api_odds
UNION ALL
SELECT 'sbd_splits', collected_at, ingested_at, processed_at FROM raw_data.sbd_splits
UNION ALL
SELECT 'vsin_splits', collected_at, ingested_at, processed_at FROM raw_data.vsin_splits;

COMMENT ON VIEW performance_monitoring.raw_rows IS
    'Times of the rows of all raw tables: collected, ingested, processed';
GRANT SELECT ON performance_monitoring.raw_rows TO pg_monitor;
