INSERT INTO performance_monitoring.partition_policies (
    schema_name, table_name, partition_column, strategy, hash_modulus, months_ahead
)
SELECT schema_name, table_name, partition_column, strategy, hash_modulus, months_ahead
  FROM given
    ON CONFLICT (schema_name, table_name) DO NOTHING;
