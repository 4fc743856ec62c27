-- How far standbys and subscribers are behind; on a standby, how far it is behind its primary itself.
-- Without pg_monitor the state and the times are NULL; a lag is NULL while nothing is written.
SELECT
    format('%s at %s', coalesce(r.application_name, 'standby'), coalesce(host(r.client_addr), 'a local socket')) AS name,
    r.state,
    CASE WHEN r.state IS NOT NULL THEN coalesce(r.replay_lag, interval '0') END AS delay,
    CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn) END AS behind_bytes
FROM pg_stat_replication AS r
UNION ALL
SELECT
    'this standby',
    CASE WHEN EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 'streaming' ELSE 'not streaming' END,
    CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN interval '0'
        ELSE clock_timestamp() - pg_last_xact_replay_timestamp() END,
    pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
WHERE pg_is_in_recovery()
ORDER BY delay DESC NULLS LAST
