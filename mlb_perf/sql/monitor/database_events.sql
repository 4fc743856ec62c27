-- Deadlocks, temporary files and checksum failures of this database, for each day that was counted.
SELECT
    d.deadlocks, d.temp_files, d.temp_bytes,
    coalesce(d.checksum_failures, 0) AS checksum_failures,
    d.checksum_last_failure,
    a.days,
    d.deadlocks / a.days AS deadlocks_per_day,
    d.temp_bytes / a.days AS temp_bytes_per_day
FROM pg_stat_database AS d
CROSS JOIN LATERAL (
    SELECT greatest(extract(epoch FROM clock_timestamp() - coalesce(d.stats_reset, pg_postmaster_start_time()))
        / 86400.0, 1)::double precision AS days
) AS a
WHERE d.datname = current_database()
