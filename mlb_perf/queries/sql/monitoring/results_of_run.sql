SELECT category, name, p50_ms, p95_ms, p99_ms, target_ms, row_count
FROM performance_monitoring.benchmark_results
WHERE run_id = CAST(:run_id AS bigint)
ORDER BY category, name
