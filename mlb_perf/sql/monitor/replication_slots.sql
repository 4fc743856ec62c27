-- The WAL that each replication slot keeps, of all databases. inactive_since came with PostgreSQL 17.
SELECT
    s.slot_name,
    s.slot_type,
    s.active AS is_active,
    s.wal_status,
    coalesce(pg_wal_lsn_diff(
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
        s.restart_lsn), 0) AS retained_bytes,
    clock_timestamp() - (to_jsonb(s) ->> 'inactive_since')::timestamptz AS inactive_for
FROM pg_replication_slots AS s
WHERE NOT s.temporary
ORDER BY retained_bytes DESC, s.slot_name
