-- The size of the directory of the WAL against max_wal_size, which is in MB.
SELECT
    count(*) AS files,
    coalesce(sum(w.size), 0)::bigint AS wal_bytes,
    (SELECT s.setting::bigint * 1024 * 1024 FROM pg_settings AS s WHERE s.name = 'max_wal_size') AS limit_bytes
FROM pg_ls_waldir() AS w
