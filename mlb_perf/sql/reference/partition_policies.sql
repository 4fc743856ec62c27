-- How the big tables are partitioned: by month of their time, three months ahead, kept for ever
-- until somebody says otherwise. The policy of a table that is not partitioned does nothing.
WITH given (schema_name, table_name, partition_column, strategy, hash_modulus, months_ahead) AS (
    VALUES
    ('raw_data', 'action_network_games', 'collected_at', 'month', NULL::integer, 3),
    ('raw_data', 'action_network_history', 'collected_at', 'month', NULL, 3),
    ('raw_data', 'action_network_odds', 'collected_at', 'month', NULL, 3),
    ('raw_data', 'mlb_stats_api_games', 'collected_at', 'month', NULL, 3),
    ('raw_data', 'odds_api_odds', 'collected_at', 'month', NULL, 3),
    ('raw_data', 'sbd_splits', 'collected_at', 'month', NULL, 3),
    ('raw_data', 'vsin_splits', 'collected_at', 'month', NULL, 3),
    ('curated', 'betting_lines_unified', 'game_date', 'month', NULL, 3),
    ('curated', 'ml_features', 'game_date', 'month', NULL, 3),
    ('curated', 'unified_betting_splits', 'game_date', 'month', NULL, 3),
    ('staging', 'betting_odds_unified', 'external_game_id', 'hash', 8, NULL)
)
