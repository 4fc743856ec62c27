-- The raw feeds of odds and splits are partitioned by month of their time: three months ahead
-- exist, and every month is kept until you set retain_months. The policy of a table without
-- partitions does nothing.
WITH given (schema_name, table_name, partition_column, strategy, hash_modulus, months_ahead) AS (
    VALUES
    ('raw_data', 'action_network_odds', 'collected_at', 'month', NULL::integer, 3),
    ('raw_data', 'odds_api_odds', 'collected_at', 'month', NULL, 3),
    ('raw_data', 'sbd_splits', 'collected_at', 'month', NULL, 3),
    ('raw_data', 'vsin_splits', 'collected_at', 'month', NULL, 3)
)
