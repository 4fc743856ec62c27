-- The odds of The Odds API are partitioned by month of their time: three months ahead exist, and
-- every month is kept until you set retain_months. The policy of a table without partitions does
-- nothing.
WITH given (schema_name, table_name, partition_column, strategy, hash_modulus, months_ahead) AS (
    VALUES
    ('raw_data', 'odds_api_odds', 'collected_at', 'month', NULL::integer, 3)
)
