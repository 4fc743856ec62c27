-- Members of pg_monitor who are given USAGE on the schema read the tables below its views.
-- pg_monitor sees the server's statistics anyway; query_history holds no more than those.
GRANT SELECT ON
    performance_monitoring.benchmark_results,
    performance_monitoring.benchmark_runs,
    performance_monitoring.index_history,
    performance_monitoring.maintenance_jobs,
    performance_monitoring.maintenance_runs,
    performance_monitoring.optimization_log,
    performance_monitoring.query_history,
    performance_monitoring.rebuilds,
    performance_monitoring.table_history,
    staging.curation_queue
TO pg_monitor;
