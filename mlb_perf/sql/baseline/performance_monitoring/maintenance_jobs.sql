-- Maintenance: what is run, and how often.

CREATE TABLE performance_monitoring.maintenance_jobs (
    job_id BIGSERIAL NOT NULL,
    name VARCHAR(64) NOT NULL,
    command TEXT NOT NULL,
    every_minutes INTEGER NOT NULL,
    is_enabled BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_maintenance_jobs PRIMARY KEY (job_id),
    CONSTRAINT uq_maintenance_jobs_name UNIQUE (name),
    CONSTRAINT ck_maintenance_jobs_every_minutes CHECK (every_minutes > 0)
);

COMMENT ON TABLE performance_monitoring.maintenance_jobs IS 'Maintenance: what is run, and how often';
COMMENT ON COLUMN performance_monitoring.maintenance_jobs.job_id IS
    'Surrogate id';
COMMENT ON COLUMN performance_monitoring.maintenance_jobs.name IS
    'Name, unique';
COMMENT ON COLUMN performance_monitoring.maintenance_jobs.command IS
    'The SQL that is run';
COMMENT ON COLUMN performance_monitoring.maintenance_jobs.every_minutes IS
    'How often it is due, minutes';
COMMENT ON COLUMN performance_monitoring.maintenance_jobs.is_enabled IS
    'Whether it is run';
COMMENT ON COLUMN performance_monitoring.maintenance_jobs.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN performance_monitoring.maintenance_jobs.updated_at IS
    'When the row was last changed, UTC; set by the writer';
