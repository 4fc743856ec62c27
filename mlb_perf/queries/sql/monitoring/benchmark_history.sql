SELECT measured_at, run_id, p50_ms, p95_ms, target_ms, plan_fingerprint
FROM performance_monitoring.benchmark_results
WHERE name = CAST(:name AS text)
ORDER BY measured_at DESC
LIMIT 20
