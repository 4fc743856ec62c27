-- Undo of monitoring.sql.
REVOKE SELECT ON
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
FROM pg_monitor;
