-- What grants/partitions.sql gave.
REVOKE SELECT ON performance_monitoring.partition_policies FROM pg_monitor;
