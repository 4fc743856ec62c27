-- An alert an hour, all but the last resolved.
INSERT INTO operational.alerts (
    alert_configuration_id, severity, value, message, raised_at, resolved_at
)
SELECT alert_configuration_id, 'warning', 1, 'stale feed', moment,
    CASE WHEN moment < last_day THEN moment + interval '20 minutes' END
FROM (SELECT max(game_date) AS last_day FROM curated.enhanced_games) AS games
CROSS JOIN generate_series(last_day - interval '30 days', last_day, interval '1 hour') AS moment
CROSS JOIN (SELECT min(alert_configuration_id) AS alert_configuration_id
    FROM operational.alert_configurations) AS any_configuration
WHERE alert_configuration_id IS NOT NULL
