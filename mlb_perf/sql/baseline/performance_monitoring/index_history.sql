-- Sizes and use of indexes over time.

CREATE TABLE performance_monitoring.index_history (
    captured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    schema_name VARCHAR(64) NOT NULL,
    index_name VARCHAR(64) NOT NULL,
    table_name VARCHAR(64) NOT NULL,
    index_bytes BIGINT NOT NULL,
    scans BIGINT NOT NULL,
    entries_read BIGINT NOT NULL,
    rows_fetched BIGINT NOT NULL,
    CONSTRAINT pk_index_history PRIMARY KEY (captured_at, schema_name, index_name)
);

COMMENT ON TABLE performance_monitoring.index_history IS 'Sizes and use of indexes over time';
COMMENT ON COLUMN performance_monitoring.index_history.captured_at IS
    'When the figures were taken, UTC';
COMMENT ON COLUMN performance_monitoring.index_history.schema_name IS
    'The schema';
COMMENT ON COLUMN performance_monitoring.index_history.index_name IS
    'The index';
COMMENT ON COLUMN performance_monitoring.index_history.table_name IS
    'Its table';
COMMENT ON COLUMN performance_monitoring.index_history.index_bytes IS
    'Size, bytes';
COMMENT ON COLUMN performance_monitoring.index_history.scans IS
    'Scans since the statistics'' reset, count';
COMMENT ON COLUMN performance_monitoring.index_history.entries_read IS
    'Entries read since the reset, count';
COMMENT ON COLUMN performance_monitoring.index_history.rows_fetched IS
    'Live rows fetched by it since the reset, count';

CREATE INDEX ix_index_history_index_name ON performance_monitoring.index_history (index_name);
