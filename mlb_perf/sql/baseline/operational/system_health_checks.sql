-- Outcomes of health checks.

CREATE TABLE operational.system_health_checks (
    check_id BIGSERIAL NOT NULL,
    check_name VARCHAR(64) NOT NULL,
    status VARCHAR(16) NOT NULL,
    value DOUBLE PRECISION,
    message TEXT NOT NULL,
    details JSONB DEFAULT '{}' NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_system_health_checks PRIMARY KEY (check_id),
    CONSTRAINT ck_system_health_checks_status CHECK (status IN ('ok', 'warning', 'critical', 'unknown'))
);

COMMENT ON TABLE operational.system_health_checks IS 'Outcomes of health checks';
COMMENT ON COLUMN operational.system_health_checks.check_id IS
    'Surrogate id';
COMMENT ON COLUMN operational.system_health_checks.check_name IS
    'What was checked';
COMMENT ON COLUMN operational.system_health_checks.status IS
    'ok, warning, critical or unknown';
COMMENT ON COLUMN operational.system_health_checks.value IS
    'The figure, in the unit that its name says';
COMMENT ON COLUMN operational.system_health_checks.message IS
    'The finding as a sentence';
COMMENT ON COLUMN operational.system_health_checks.details IS
    'Further figures by name';
COMMENT ON COLUMN operational.system_health_checks.checked_at IS
    'When the row was written, UTC';

CREATE INDEX ix_system_health_checks_check_name ON operational.system_health_checks (check_name);
CREATE INDEX ix_system_health_checks_status ON operational.system_health_checks (status);
CREATE INDEX ix_system_health_checks_checked_at ON operational.system_health_checks (checked_at);
