-- Runs of maintenance jobs.

CREATE TABLE performance_monitoring.maintenance_runs (
    run_id BIGSERIAL NOT NULL,
    job_id BIGINT NOT NULL,
    status VARCHAR(16) DEFAULT 'running' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    error_sqlstate VARCHAR(5),
    error_message TEXT,
    details JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_maintenance_runs PRIMARY KEY (run_id),
    CONSTRAINT ck_maintenance_runs_status CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT fk_maintenance_runs_job_id FOREIGN KEY(job_id) REFERENCES performance_monitoring.maintenance_jobs (job_id)
);

COMMENT ON TABLE performance_monitoring.maintenance_runs IS 'Runs of maintenance jobs';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.run_id IS
    'Surrogate id';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.job_id IS
    'The job';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.status IS
    'running, succeeded, failed or cancelled';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.started_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.finished_at IS
    'End, UTC; NULL while running';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.error_sqlstate IS
    'SQLSTATE of the error; NULL if none';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.error_message IS
    'The error''s text; NULL if none';
COMMENT ON COLUMN performance_monitoring.maintenance_runs.details IS
    'What it did, by name';

CREATE INDEX ix_maintenance_runs_job_id ON performance_monitoring.maintenance_runs (job_id);
CREATE INDEX ix_maintenance_runs_status ON performance_monitoring.maintenance_runs (status);
CREATE INDEX ix_maintenance_runs_started_at ON performance_monitoring.maintenance_runs (started_at);
