-- The database, the server's version, and the owner of the tables, who makes those to come.
SELECT current_database()::text, current_setting('server_version_num'),
    coalesce((SELECT r.rolname::text FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner
        WHERE n.nspname = 'performance_monitoring'), current_user::text)
