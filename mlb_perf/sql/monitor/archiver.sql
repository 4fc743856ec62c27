-- Whether the archiver's last attempt failed.
SELECT
    current_setting('archive_mode') AS archive_mode,
    a.archived_count,
    a.failed_count,
    a.last_archived_time,
    a.last_failed_wal,
    coalesce(a.last_failed_time > coalesce(a.last_archived_time, '-infinity'), false)
        AND current_setting('archive_mode') <> 'off' AS is_failing,
    clock_timestamp() - coalesce(a.last_archived_time, a.stats_reset) AS since_success
FROM pg_stat_archiver AS a
