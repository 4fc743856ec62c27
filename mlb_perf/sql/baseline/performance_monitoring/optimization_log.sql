-- Steps of revisions, with durations and lock waits.

CREATE TABLE performance_monitoring.optimization_log (
    log_id BIGSERIAL NOT NULL,
    revision VARCHAR(32),
    operation VARCHAR(64) NOT NULL,
    object_name VARCHAR(255) NOT NULL,
    status VARCHAR(16) NOT NULL,
    duration_ms DOUBLE PRECISION,
    lock_wait_ms DOUBLE PRECISION,
    rows_affected BIGINT,
    error_sqlstate VARCHAR(5),
    error_message TEXT,
    logged_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_optimization_log PRIMARY KEY (log_id),
    CONSTRAINT ck_optimization_log_status CHECK (status IN ('started', 'succeeded', 'failed', 'retried', 'skipped')),
    CONSTRAINT ck_optimization_log_times CHECK (duration_ms >= 0 AND lock_wait_ms >= 0)
);

COMMENT ON TABLE performance_monitoring.optimization_log IS 'Steps of revisions, with durations and lock waits';
COMMENT ON COLUMN performance_monitoring.optimization_log.log_id IS
    'Surrogate id';
COMMENT ON COLUMN performance_monitoring.optimization_log.revision IS
    'The revision; NULL outside of one';
COMMENT ON COLUMN performance_monitoring.optimization_log.operation IS
    'What was done, e.g. create_index_online';
COMMENT ON COLUMN performance_monitoring.optimization_log.object_name IS
    'To what, schema.name';
COMMENT ON COLUMN performance_monitoring.optimization_log.status IS
    'started, succeeded, failed, retried or skipped';
COMMENT ON COLUMN performance_monitoring.optimization_log.duration_ms IS
    'How long it took, ms';
COMMENT ON COLUMN performance_monitoring.optimization_log.lock_wait_ms IS
    'How long it waited for locks, ms';
COMMENT ON COLUMN performance_monitoring.optimization_log.rows_affected IS
    'Rows written or moved, count';
COMMENT ON COLUMN performance_monitoring.optimization_log.error_sqlstate IS
    'SQLSTATE of the error; NULL if none';
COMMENT ON COLUMN performance_monitoring.optimization_log.error_message IS
    'The error''s text; NULL if none';
COMMENT ON COLUMN performance_monitoring.optimization_log.logged_at IS
    'When the row was written, UTC';

CREATE INDEX ix_optimization_log_revision ON performance_monitoring.optimization_log (revision);
CREATE INDEX ix_optimization_log_object_name ON performance_monitoring.optimization_log (object_name);
CREATE INDEX ix_optimization_log_status ON performance_monitoring.optimization_log (status);
CREATE INDEX ix_optimization_log_logged_at ON performance_monitoring.optimization_log (logged_at);
