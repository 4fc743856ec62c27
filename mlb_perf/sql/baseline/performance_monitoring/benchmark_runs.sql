-- Runs of the benchmark: machine, settings, rows, command.

CREATE TABLE performance_monitoring.benchmark_runs (
    run_id BIGSERIAL NOT NULL,
    revision VARCHAR(32) NOT NULL,
    command TEXT NOT NULL,
    server_version VARCHAR(32) NOT NULL,
    scale DOUBLE PRECISION,
    machine JSONB NOT NULL,
    settings JSONB NOT NULL,
    row_counts JSONB NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_benchmark_runs PRIMARY KEY (run_id)
);

COMMENT ON TABLE performance_monitoring.benchmark_runs IS 'Runs of the benchmark: machine, settings, rows, command';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.run_id IS
    'Surrogate id';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.revision IS
    'The database''s revision';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.command IS
    'The command that was run';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.server_version IS
    'PostgreSQL''s version';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.scale IS
    'Seasons in the data set; NULL if not generated';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.machine IS
    'Cores, memory in bytes, system';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.settings IS
    'Server settings that differ from the defaults';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.row_counts IS
    'Rows by schema.table, count';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.started_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN performance_monitoring.benchmark_runs.finished_at IS
    'End, UTC; NULL while running';

CREATE INDEX ix_benchmark_runs_revision ON performance_monitoring.benchmark_runs (revision);
CREATE INDEX ix_benchmark_runs_started_at ON performance_monitoring.benchmark_runs (started_at);
