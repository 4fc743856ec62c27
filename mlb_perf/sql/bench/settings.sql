-- Settings of the server's configuration, or of a database or role; those of this session are left out.
-- And whether it has huge pages, which depends on the system (known from PostgreSQL 17 on).
SELECT s.name, current_setting(s.name) AS value
FROM pg_settings AS s
WHERE s.source NOT IN ('default', 'client', 'session', 'override')
    AND s.name NOT LIKE 'log\_%'
    AND s.category NOT LIKE 'Client Connection Defaults / Locale%'
    AND s.name NOT IN (
        'unix_socket_directories', 'unix_socket_permissions', 'listen_addresses', 'port',
        'application_name', 'data_directory', 'config_file', 'hba_file', 'ident_file',
        'external_pid_file', 'password_encryption', 'cluster_name', 'restrict_nonsystem_relation_kind'
    )
    OR s.name = 'huge_pages_status'
ORDER BY s.name
