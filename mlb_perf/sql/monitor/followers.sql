-- Sessions of `mlb-perf promote --follow`: one listens, its others look for raw rows every 5 s. Their
-- last statement is the heartbeat; times of other roles' sessions need pg_monitor.
SELECT
    count(*) FILTER (WHERE a.application_name = 'mlb_perf follow') AS followers,
    count(*) FILTER (WHERE a.application_name = 'mlb_perf promote') AS workers,
    clock_timestamp() - max(a.state_change) FILTER (WHERE a.application_name = 'mlb_perf promote') AS silent_for,
    bool_or(a.wait_event_type = 'Lock') FILTER (WHERE a.application_name = 'mlb_perf promote') AS is_waiting
FROM pg_stat_activity AS a
WHERE a.datname = current_database()
