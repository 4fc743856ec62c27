-- Those that nobody has changed.
DELETE FROM performance_monitoring.partition_policies AS p
 USING given AS g
 WHERE (p.schema_name, p.table_name, p.partition_column, p.strategy)
       = (g.schema_name, g.table_name, g.partition_column, g.strategy)
   AND p.hash_modulus IS NOT DISTINCT FROM g.hash_modulus
   AND p.months_ahead IS NOT DISTINCT FROM g.months_ahead
   AND p.retain_months IS NULL AND p.graveyard_days = 30 AND NOT p.is_held;
