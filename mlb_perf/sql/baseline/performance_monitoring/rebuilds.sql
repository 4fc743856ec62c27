-- Online rebuilds of tables, and how far each has got.

CREATE TABLE performance_monitoring.rebuilds (
    rebuild_id BIGSERIAL NOT NULL,
    schema_name VARCHAR(64) NOT NULL,
    table_name VARCHAR(64) NOT NULL,
    revision VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    phase VARCHAR(16) NOT NULL,
    shadow_name VARCHAR(64) NOT NULL,
    copied_to JSONB,
    end_key JSONB,
    rows_copied BIGINT DEFAULT '0' NOT NULL,
    content_hash VARCHAR(64),
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_rebuilds PRIMARY KEY (rebuild_id),
    CONSTRAINT uq_rebuilds_step UNIQUE (schema_name, table_name, revision, direction),
    CONSTRAINT ck_rebuilds_direction CHECK (direction IN ('upgrade', 'downgrade')),
    CONSTRAINT ck_rebuilds_phase CHECK (phase IN ('prepared', 'copying', 'verified', 'swapped', 'finished')),
    CONSTRAINT ck_rebuilds_rows_copied CHECK (rows_copied >= 0)
);

COMMENT ON TABLE performance_monitoring.rebuilds IS 'Online rebuilds of tables, and how far each has got';
COMMENT ON COLUMN performance_monitoring.rebuilds.rebuild_id IS
    'Surrogate id';
COMMENT ON COLUMN performance_monitoring.rebuilds.schema_name IS
    'The schema';
COMMENT ON COLUMN performance_monitoring.rebuilds.table_name IS
    'The table that is rebuilt';
COMMENT ON COLUMN performance_monitoring.rebuilds.revision IS
    'The revision that rebuilds it';
COMMENT ON COLUMN performance_monitoring.rebuilds.direction IS
    'upgrade or downgrade';
COMMENT ON COLUMN performance_monitoring.rebuilds.phase IS
    'prepared, copying, verified, swapped or finished';
COMMENT ON COLUMN performance_monitoring.rebuilds.shadow_name IS
    'The table that takes its place';
COMMENT ON COLUMN performance_monitoring.rebuilds.copied_to IS
    'The last key that was copied';
COMMENT ON COLUMN performance_monitoring.rebuilds.end_key IS
    'The last key there was when the trigger stood; the copy ends there';
COMMENT ON COLUMN performance_monitoring.rebuilds.rows_copied IS
    'Rows copied, count';
COMMENT ON COLUMN performance_monitoring.rebuilds.content_hash IS
    'Hash of the rows, equal on both sides, independent of their order; hexadecimal';
COMMENT ON COLUMN performance_monitoring.rebuilds.started_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN performance_monitoring.rebuilds.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_rebuilds_phase ON performance_monitoring.rebuilds (phase);
