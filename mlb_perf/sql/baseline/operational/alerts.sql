-- Alerts that were raised, and their ends.

CREATE TABLE operational.alerts (
    alert_id BIGSERIAL NOT NULL,
    alert_configuration_id BIGINT NOT NULL,
    severity VARCHAR(16) NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    message TEXT NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    acknowledged_at TIMESTAMP WITH TIME ZONE,
    resolved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_alerts PRIMARY KEY (alert_id),
    CONSTRAINT ck_alerts_severity CHECK (severity IN ('info', 'warning', 'critical')),
    CONSTRAINT ck_alerts_resolved_at CHECK (resolved_at >= raised_at),
    CONSTRAINT fk_alerts_alert_configuration_id FOREIGN KEY(alert_configuration_id) REFERENCES operational.alert_configurations (alert_configuration_id)
);

COMMENT ON TABLE operational.alerts IS 'Alerts that were raised, and their ends';
COMMENT ON COLUMN operational.alerts.alert_id IS
    'Surrogate id';
COMMENT ON COLUMN operational.alerts.alert_configuration_id IS
    'What raised it';
COMMENT ON COLUMN operational.alerts.severity IS
    'info, warning or critical, when it was raised';
COMMENT ON COLUMN operational.alerts.value IS
    'The figure that raised it, in the metric''s unit';
COMMENT ON COLUMN operational.alerts.message IS
    'The finding as a sentence';
COMMENT ON COLUMN operational.alerts.raised_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN operational.alerts.acknowledged_at IS
    'When it was acknowledged, UTC; NULL until then';
COMMENT ON COLUMN operational.alerts.resolved_at IS
    'When it ended, UTC; NULL while it stands';

CREATE INDEX ix_alerts_alert_configuration_id ON operational.alerts (alert_configuration_id);
CREATE INDEX ix_alerts_severity ON operational.alerts (severity);
CREATE INDEX ix_alerts_raised_at ON operational.alerts (raised_at);
CREATE INDEX ix_alerts_resolved_at ON operational.alerts (resolved_at);
