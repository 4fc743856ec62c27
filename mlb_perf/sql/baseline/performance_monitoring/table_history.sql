-- Sizes and activity of tables over time.

CREATE TABLE performance_monitoring.table_history (
    captured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    schema_name VARCHAR(64) NOT NULL,
    table_name VARCHAR(64) NOT NULL,
    heap_bytes BIGINT NOT NULL,
    toast_bytes BIGINT NOT NULL,
    index_bytes BIGINT NOT NULL,
    live_rows BIGINT NOT NULL,
    dead_rows BIGINT NOT NULL,
    rows_inserted BIGINT NOT NULL,
    rows_updated BIGINT NOT NULL,
    rows_deleted BIGINT NOT NULL,
    sequential_scans BIGINT NOT NULL,
    index_scans BIGINT NOT NULL,
    last_vacuum_at TIMESTAMP WITH TIME ZONE,
    last_analyze_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_table_history PRIMARY KEY (captured_at, schema_name, table_name)
);

COMMENT ON TABLE performance_monitoring.table_history IS 'Sizes and activity of tables over time';
COMMENT ON COLUMN performance_monitoring.table_history.captured_at IS
    'When the figures were taken, UTC';
COMMENT ON COLUMN performance_monitoring.table_history.schema_name IS
    'The schema';
COMMENT ON COLUMN performance_monitoring.table_history.table_name IS
    'The table';
COMMENT ON COLUMN performance_monitoring.table_history.heap_bytes IS
    'Heap with its maps, bytes';
COMMENT ON COLUMN performance_monitoring.table_history.toast_bytes IS
    'TOAST with its index, bytes';
COMMENT ON COLUMN performance_monitoring.table_history.index_bytes IS
    'Indexes, bytes';
COMMENT ON COLUMN performance_monitoring.table_history.live_rows IS
    'Live rows, estimated count';
COMMENT ON COLUMN performance_monitoring.table_history.dead_rows IS
    'Dead rows, estimated count';
COMMENT ON COLUMN performance_monitoring.table_history.rows_inserted IS
    'Rows inserted since the statistics'' reset, count';
COMMENT ON COLUMN performance_monitoring.table_history.rows_updated IS
    'Rows updated since the statistics'' reset, count';
COMMENT ON COLUMN performance_monitoring.table_history.rows_deleted IS
    'Rows deleted since the statistics'' reset, count';
COMMENT ON COLUMN performance_monitoring.table_history.sequential_scans IS
    'Sequential scans since the reset, count';
COMMENT ON COLUMN performance_monitoring.table_history.index_scans IS
    'Index scans since the reset, count';
COMMENT ON COLUMN performance_monitoring.table_history.last_vacuum_at IS
    'Last vacuum of either kind, UTC';
COMMENT ON COLUMN performance_monitoring.table_history.last_analyze_at IS
    'Last analyze of either kind, UTC';

CREATE INDEX ix_table_history_table_name ON performance_monitoring.table_history (table_name);
