-- Measured properties of the data, with their thresholds.

CREATE TABLE operational.data_quality_metrics (
    metric_id BIGSERIAL NOT NULL,
    execution_id BIGINT,
    table_name VARCHAR(64) NOT NULL,
    source VARCHAR(32),
    metric VARCHAR(64) NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    threshold DOUBLE PRECISION,
    is_met BOOLEAN NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_data_quality_metrics PRIMARY KEY (metric_id),
    CONSTRAINT fk_data_quality_metrics_execution_id FOREIGN KEY(execution_id) REFERENCES operational.pipeline_execution_log (execution_id)
);

COMMENT ON TABLE operational.data_quality_metrics IS 'Measured properties of the data, with their thresholds';
COMMENT ON COLUMN operational.data_quality_metrics.metric_id IS
    'Surrogate id';
COMMENT ON COLUMN operational.data_quality_metrics.execution_id IS
    'The run that measured it; NULL if measured apart from a run';
COMMENT ON COLUMN operational.data_quality_metrics.table_name IS
    'The table, schema.table';
COMMENT ON COLUMN operational.data_quality_metrics.source IS
    'The feed; NULL over all feeds';
COMMENT ON COLUMN operational.data_quality_metrics.metric IS
    'What was measured, e.g. rejected_percent';
COMMENT ON COLUMN operational.data_quality_metrics.value IS
    'The figure, in the unit that its name says';
COMMENT ON COLUMN operational.data_quality_metrics.threshold IS
    'The limit, in the same unit; NULL if none';
COMMENT ON COLUMN operational.data_quality_metrics.is_met IS
    'Whether the value is within the threshold';
COMMENT ON COLUMN operational.data_quality_metrics.measured_at IS
    'When the row was written, UTC';

CREATE INDEX ix_data_quality_metrics_execution_id ON operational.data_quality_metrics (execution_id);
CREATE INDEX ix_data_quality_metrics_table_name ON operational.data_quality_metrics (table_name);
CREATE INDEX ix_data_quality_metrics_metric ON operational.data_quality_metrics (metric);
CREATE INDEX ix_data_quality_metrics_is_met ON operational.data_quality_metrics (is_met);
CREATE INDEX ix_data_quality_metrics_measured_at ON operational.data_quality_metrics (measured_at);
