-- Runs of the pipeline's stages, with rows in and out.

CREATE TABLE operational.pipeline_execution_log (
    execution_id BIGSERIAL NOT NULL,
    stage VARCHAR(16) NOT NULL,
    source VARCHAR(32),
    status VARCHAR(16) DEFAULT 'running' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    rows_read BIGINT DEFAULT '0' NOT NULL,
    rows_written BIGINT DEFAULT '0' NOT NULL,
    rows_rejected BIGINT DEFAULT '0' NOT NULL,
    error_sqlstate VARCHAR(5),
    error_message TEXT,
    details JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_pipeline_execution_log PRIMARY KEY (execution_id),
    CONSTRAINT ck_pipeline_execution_log_stage CHECK (stage IN ('load', 'stage', 'promote', 'features', 'grade')),
    CONSTRAINT ck_pipeline_execution_log_status CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT ck_pipeline_execution_log_rows CHECK (rows_read >= 0 AND rows_written >= 0 AND rows_rejected >= 0),
    CONSTRAINT ck_pipeline_execution_log_finished_at CHECK (finished_at >= started_at)
);

COMMENT ON TABLE operational.pipeline_execution_log IS 'Runs of the pipeline''s stages, with rows in and out';
COMMENT ON COLUMN operational.pipeline_execution_log.execution_id IS
    'Surrogate id';
COMMENT ON COLUMN operational.pipeline_execution_log.stage IS
    'load, stage, promote, features or grade';
COMMENT ON COLUMN operational.pipeline_execution_log.source IS
    'The feed; NULL where a run takes them all';
COMMENT ON COLUMN operational.pipeline_execution_log.status IS
    'running, succeeded, failed or cancelled';
COMMENT ON COLUMN operational.pipeline_execution_log.started_at IS
    'Start, UTC';
COMMENT ON COLUMN operational.pipeline_execution_log.finished_at IS
    'End, UTC; NULL while running';
COMMENT ON COLUMN operational.pipeline_execution_log.rows_read IS
    'Rows taken in, count';
COMMENT ON COLUMN operational.pipeline_execution_log.rows_written IS
    'Rows that came through, count';
COMMENT ON COLUMN operational.pipeline_execution_log.rows_rejected IS
    'Rows rejected, count';
COMMENT ON COLUMN operational.pipeline_execution_log.error_sqlstate IS
    'SQLSTATE of the error that ended it; NULL if none';
COMMENT ON COLUMN operational.pipeline_execution_log.error_message IS
    'The error''s text; NULL if none';
COMMENT ON COLUMN operational.pipeline_execution_log.details IS
    'Parameters and further figures';

CREATE INDEX ix_pipeline_execution_log_stage ON operational.pipeline_execution_log (stage);
CREATE INDEX ix_pipeline_execution_log_source ON operational.pipeline_execution_log (source);
CREATE INDEX ix_pipeline_execution_log_status ON operational.pipeline_execution_log (status);
CREATE INDEX ix_pipeline_execution_log_started_at ON operational.pipeline_execution_log (started_at);
