-- The bounds leave one or two months of the odds, so that you can ask this every minute;
-- promotion_overdue finds older rows. Tables without partitions need no bounds.
SELECT 'odds_api_odds' AS raw_table, count(*) AS hot_rows, min(collected_at) AS oldest
FROM raw_data.odds_api_odds
WHERE processed_at IS NULL
  AND collected_at >= CAST(:since AS timestamptz) AND collected_at < CAST(:until AS timestamptz)
UNION ALL
SELECT 'action_network_odds', count(*), min(collected_at)
FROM raw_data.action_network_odds WHERE processed_at IS NULL
UNION ALL
SELECT 'sbd_splits', count(*), min(collected_at)
FROM raw_data.sbd_splits WHERE processed_at IS NULL
UNION ALL
SELECT 'vsin_splits', count(*), min(collected_at)
FROM raw_data.vsin_splits WHERE processed_at IS NULL
UNION ALL
SELECT 'mlb_stats_api_games', count(*), min(collected_at)
FROM raw_data.mlb_stats_api_games WHERE processed_at IS NULL
UNION ALL
SELECT 'action_network_games', count(*), min(collected_at)
FROM raw_data.action_network_games WHERE processed_at IS NULL
UNION ALL
SELECT 'action_network_history', count(*), min(collected_at)
FROM raw_data.action_network_history WHERE processed_at IS NULL
UNION ALL
SELECT 'game_results', count(*), min(collected_at)
FROM raw_data.game_results WHERE processed_at IS NULL
UNION ALL
SELECT 'line_history', count(*), min(collected_at)
FROM raw_data.line_history WHERE processed_at IS NULL
