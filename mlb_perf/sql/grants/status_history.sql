-- Members of pg_monitor read the history, as that of the other snapshots.
GRANT SELECT ON performance_monitoring.status_history TO pg_monitor;
