-- drop: VIEW performance_monitoring.curation_backlog
-- Games whose new quotes are staged and not yet curated: how many wait, and since when the first.
CREATE VIEW performance_monitoring.curation_backlog WITH (security_invoker = true) AS
SELECT
    count(*) FILTER (WHERE q.parked_at IS NULL) AS waiting_games,
    min(q.queued_at) FILTER (WHERE q.parked_at IS NULL) AS waiting_since,
    clock_timestamp() - min(q.queued_at) FILTER (WHERE q.parked_at IS NULL) AS waiting_for,
    count(q.parked_at) AS parked_games
FROM staging.curation_queue AS q;

COMMENT ON VIEW performance_monitoring.curation_backlog IS
    'Games that wait to be curated: number, and since when; and those that are parked';
GRANT SELECT ON performance_monitoring.curation_backlog TO pg_monitor;
