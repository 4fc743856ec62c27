-- The sessions to which temporary schemas belong, whose :numbers are those of their backends. Before
-- PostgreSQL 16 no view tells a backend's number: then all sessions of the database that it may be.
SELECT a.pid, a.usename AS role_name, a.application_name, a.state
FROM pg_stat_get_backend_idset() AS number
JOIN pg_stat_activity AS a ON a.pid = pg_stat_get_backend_pid(number)
WHERE CASE
    WHEN current_setting('server_version_num')::integer >= 160000
    THEN number = ANY (CAST(:numbers AS integer[]))
    ELSE a.datname = current_database() AND a.pid <> pg_backend_pid()
        AND a.backend_type = 'client backend'
END
ORDER BY a.pid
