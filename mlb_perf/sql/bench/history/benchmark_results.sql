-- Seventy cases a run.
INSERT INTO performance_monitoring.benchmark_results (
    run_id, name, category, iterations, min_ms, mean_ms, p50_ms, p95_ms, p99_ms, max_ms, stddev_ms,
    target_ms, measured_at
)
SELECT run_id, format('case_%s', n), 'joins', 100, 0.1, 0.2, 0.2, 0.4, 0.5, 0.9, 0.1, 150,
    started_at + n * interval '5 seconds'
FROM performance_monitoring.benchmark_runs
CROSS JOIN generate_series(1, 70) AS n
