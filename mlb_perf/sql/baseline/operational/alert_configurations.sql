-- Which figure, past which threshold, tells whom.

CREATE TABLE operational.alert_configurations (
    alert_configuration_id BIGSERIAL NOT NULL,
    name VARCHAR(64) NOT NULL,
    metric VARCHAR(64) NOT NULL,
    comparison VARCHAR(16) NOT NULL,
    threshold DOUBLE PRECISION NOT NULL,
    for_minutes BIGINT DEFAULT '0' NOT NULL,
    severity VARCHAR(16) NOT NULL,
    channel VARCHAR(64) NOT NULL,
    is_enabled BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_alert_configurations PRIMARY KEY (alert_configuration_id),
    CONSTRAINT uq_alert_configurations_name UNIQUE (name),
    CONSTRAINT ck_alert_configurations_comparison CHECK (comparison IN ('above', 'below', 'equal')),
    CONSTRAINT ck_alert_configurations_severity CHECK (severity IN ('info', 'warning', 'critical')),
    CONSTRAINT ck_alert_configurations_for_minutes CHECK (for_minutes >= 0)
);

COMMENT ON TABLE operational.alert_configurations IS 'Which figure, past which threshold, tells whom';
COMMENT ON COLUMN operational.alert_configurations.alert_configuration_id IS
    'Surrogate id';
COMMENT ON COLUMN operational.alert_configurations.name IS
    'Name, unique';
COMMENT ON COLUMN operational.alert_configurations.metric IS
    'The metric or check that is watched';
COMMENT ON COLUMN operational.alert_configurations.comparison IS
    'above, below or equal';
COMMENT ON COLUMN operational.alert_configurations.threshold IS
    'The limit, in the metric''s unit';
COMMENT ON COLUMN operational.alert_configurations.for_minutes IS
    'How long it must hold before an alert is raised, minutes';
COMMENT ON COLUMN operational.alert_configurations.severity IS
    'info, warning or critical';
COMMENT ON COLUMN operational.alert_configurations.channel IS
    'Where to tell: an address the operator knows';
COMMENT ON COLUMN operational.alert_configurations.is_enabled IS
    'Whether it is watched';
COMMENT ON COLUMN operational.alert_configurations.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN operational.alert_configurations.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_alert_configurations_metric ON operational.alert_configurations (metric);
CREATE INDEX ix_alert_configurations_is_enabled ON operational.alert_configurations (is_enabled);
