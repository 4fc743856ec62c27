SELECT a.alert_id, c.name, a.severity, a.value, a.message, a.raised_at, a.acknowledged_at
FROM operational.alerts AS a
JOIN operational.alert_configurations AS c USING (alert_configuration_id)
WHERE a.resolved_at IS NULL
ORDER BY a.raised_at DESC
LIMIT 100
