-- Checkpoints by time, and those that a full WAL asked for before their time.
SELECT b.checkpoints_timed AS timed, b.checkpoints_req AS requested, current_setting('max_wal_size') AS max_wal_size,
    'bgwriter' AS counters
FROM pg_stat_bgwriter AS b
