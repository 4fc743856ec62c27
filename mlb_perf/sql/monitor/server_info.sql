-- Who asks which database, and whether there is something to ask. Catalogs alone, which every role
-- can read: to_regclass() would fail for one that has no USAGE on the schema.
SELECT
    current_user::text AS role_name,
    current_database()::text AS database_name,
    current_setting('server_version') AS server_version,
    now() AS taken_at,
    -- Where the data are, if the server is on the machine of the client.
    CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE')
        AND (inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1')
        THEN current_setting('data_directory') END AS data_directory,
    ARRAY(
        SELECT l.path
        FROM pg_tablespace AS t CROSS JOIN pg_tablespace_location(t.oid) AS l (path)
        WHERE l.path LIKE '/%' -- not within the data directory
        ORDER BY l.path
    ) AS tablespaces,
    to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS has_citus,
    n.oid IS NOT NULL AS has_schema,
    coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS has_usage,
    ARRAY(
        SELECT r.name
        FROM unnest(CAST(:names AS text[])) AS r (name)
        WHERE NOT EXISTS (
            SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relname = r.name
        )
        AND NOT EXISTS (
            SELECT FROM pg_proc AS p WHERE p.pronamespace = n.oid AND p.proname = r.name
        )
    ) AS missing
FROM (SELECT) AS one
LEFT JOIN pg_namespace AS n ON n.nspname = 'performance_monitoring'
