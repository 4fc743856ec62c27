-- Members of pg_monitor who are given USAGE on the schema read the table below the views.
GRANT SELECT ON performance_monitoring.partition_policies TO pg_monitor;
