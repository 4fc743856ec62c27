-- Checkpoints by time, and those that a full WAL asked for before their time.
SELECT c.num_timed AS timed, c.num_requested AS requested, current_setting('max_wal_size') AS max_wal_size,
    'checkpointer' AS counters
FROM pg_stat_checkpointer AS c
