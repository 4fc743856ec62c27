-- Times of benchmark cases.

CREATE TABLE performance_monitoring.benchmark_results (
    result_id BIGSERIAL NOT NULL,
    run_id BIGINT,
    name VARCHAR(64) NOT NULL,
    category VARCHAR(32) NOT NULL,
    iterations INTEGER NOT NULL,
    min_ms DOUBLE PRECISION NOT NULL,
    mean_ms DOUBLE PRECISION NOT NULL,
    p50_ms DOUBLE PRECISION NOT NULL,
    p95_ms DOUBLE PRECISION NOT NULL,
    p99_ms DOUBLE PRECISION NOT NULL,
    max_ms DOUBLE PRECISION NOT NULL,
    stddev_ms DOUBLE PRECISION NOT NULL,
    target_ms DOUBLE PRECISION,
    row_count BIGINT,
    buffers_hit BIGINT,
    buffers_read BIGINT,
    indexes_used TEXT[],
    plan_fingerprint VARCHAR(64),
    details JSONB DEFAULT '{}' NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_benchmark_results PRIMARY KEY (result_id),
    CONSTRAINT ck_benchmark_results_iterations CHECK (iterations > 0),
    CONSTRAINT ck_benchmark_results_times CHECK (min_ms <= p50_ms AND p50_ms <= p95_ms AND p95_ms <= max_ms),
    CONSTRAINT fk_benchmark_results_run_id FOREIGN KEY(run_id) REFERENCES performance_monitoring.benchmark_runs (run_id)
);

COMMENT ON TABLE performance_monitoring.benchmark_results IS 'Times of benchmark cases';
COMMENT ON COLUMN performance_monitoring.benchmark_results.result_id IS
    'Surrogate id';
COMMENT ON COLUMN performance_monitoring.benchmark_results.run_id IS
    'The run; NULL if measured apart from one';
COMMENT ON COLUMN performance_monitoring.benchmark_results.name IS
    'The case, e.g. the query''s name';
COMMENT ON COLUMN performance_monitoring.benchmark_results.category IS
    'The query''s category, or the benchmark''s part';
COMMENT ON COLUMN performance_monitoring.benchmark_results.iterations IS
    'How often it was measured, count';
COMMENT ON COLUMN performance_monitoring.benchmark_results.min_ms IS
    'Shortest, ms';
COMMENT ON COLUMN performance_monitoring.benchmark_results.mean_ms IS
    'Mean, ms';
COMMENT ON COLUMN performance_monitoring.benchmark_results.p50_ms IS
    'Median, ms';
COMMENT ON COLUMN performance_monitoring.benchmark_results.p95_ms IS
    '95th percentile, ms';
COMMENT ON COLUMN performance_monitoring.benchmark_results.p99_ms IS
    '99th percentile, ms';
COMMENT ON COLUMN performance_monitoring.benchmark_results.max_ms IS
    'Longest, ms';
COMMENT ON COLUMN performance_monitoring.benchmark_results.stddev_ms IS
    'Standard deviation, ms';
COMMENT ON COLUMN performance_monitoring.benchmark_results.target_ms IS
    'The target, ms; NULL if it has none';
COMMENT ON COLUMN performance_monitoring.benchmark_results.row_count IS
    'Rows that the query returned, count';
COMMENT ON COLUMN performance_monitoring.benchmark_results.buffers_hit IS
    'Buffers found in the cache, count of 8 kB';
COMMENT ON COLUMN performance_monitoring.benchmark_results.buffers_read IS
    'Buffers read from outside it, count of 8 kB';
COMMENT ON COLUMN performance_monitoring.benchmark_results.indexes_used IS
    'Indexes in the plan, schema.name';
COMMENT ON COLUMN performance_monitoring.benchmark_results.plan_fingerprint IS
    'Hash of the plan''s shape, hexadecimal';
COMMENT ON COLUMN performance_monitoring.benchmark_results.details IS
    'Further figures by name';
COMMENT ON COLUMN performance_monitoring.benchmark_results.measured_at IS
    'When the row was written, UTC';

CREATE INDEX ix_benchmark_results_run_id ON performance_monitoring.benchmark_results (run_id);
CREATE INDEX ix_benchmark_results_name ON performance_monitoring.benchmark_results (name);
CREATE INDEX ix_benchmark_results_category ON performance_monitoring.benchmark_results (category);
CREATE INDEX ix_benchmark_results_measured_at ON performance_monitoring.benchmark_results (measured_at);
