-- drop: VIEW performance_monitoring.parked_games
-- Games whose curated rows the server refused, with its reason. `mlb-perf promote` tries one again
-- when it has news, and `mlb-perf promote --retry` tries them all.
CREATE VIEW performance_monitoring.parked_games WITH (security_invoker = true) AS
SELECT game_id, parked_at, reason
FROM staging.curation_queue
WHERE parked_at IS NOT NULL;

COMMENT ON VIEW performance_monitoring.parked_games IS
    'Games whose curated rows the server refused, with the reason';
GRANT SELECT ON performance_monitoring.parked_games TO pg_monitor;
