-- Figures of pg_stat_statements over time.

CREATE TABLE performance_monitoring.query_history (
    captured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    query_id BIGINT NOT NULL,
    role_name VARCHAR(64) NOT NULL,
    query_text TEXT NOT NULL,
    calls BIGINT NOT NULL,
    total_ms DOUBLE PRECISION NOT NULL,
    mean_ms DOUBLE PRECISION NOT NULL,
    stddev_ms DOUBLE PRECISION NOT NULL,
    row_count BIGINT NOT NULL,
    buffers_hit BIGINT NOT NULL,
    buffers_read BIGINT NOT NULL,
    CONSTRAINT pk_query_history PRIMARY KEY (captured_at, query_id, role_name)
);

COMMENT ON TABLE performance_monitoring.query_history IS 'Figures of pg_stat_statements over time';
COMMENT ON COLUMN performance_monitoring.query_history.captured_at IS
    'When the figures were taken, UTC';
COMMENT ON COLUMN performance_monitoring.query_history.query_id IS
    'pg_stat_statements.queryid';
COMMENT ON COLUMN performance_monitoring.query_history.role_name IS
    'The role that ran it';
COMMENT ON COLUMN performance_monitoring.query_history.query_text IS
    'The statement, constants replaced';
COMMENT ON COLUMN performance_monitoring.query_history.calls IS
    'Executions since the reset, count';
COMMENT ON COLUMN performance_monitoring.query_history.total_ms IS
    'Execution time over all calls, ms';
COMMENT ON COLUMN performance_monitoring.query_history.mean_ms IS
    'Mean execution time, ms';
COMMENT ON COLUMN performance_monitoring.query_history.stddev_ms IS
    'Standard deviation of it, ms';
COMMENT ON COLUMN performance_monitoring.query_history.row_count IS
    'Rows over all calls, count';
COMMENT ON COLUMN performance_monitoring.query_history.buffers_hit IS
    'Buffers found in the cache, count of 8 kB';
COMMENT ON COLUMN performance_monitoring.query_history.buffers_read IS
    'Buffers read from outside it, count of 8 kB';

CREATE INDEX ix_query_history_query_id ON performance_monitoring.query_history (query_id);
