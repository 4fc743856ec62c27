-- The database, the server's version, and the owner of the schemas if that must become a member of
-- :group, to which they are given: a role that is neither a superuser nor one already.
SELECT current_database()::text, current_setting('server_version_num'),
    (SELECT quote_ident(r.rolname)
        FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner
        WHERE n.nspname = 'raw_data' AND NOT r.rolsuper AND r.rolname <> :group AND NOT EXISTS (
            SELECT FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid
            WHERE g.rolname = :group AND m.member = r.oid
        ))
