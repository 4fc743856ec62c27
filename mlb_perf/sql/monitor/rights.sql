-- What this role cannot see. A session of another role has no backend_type for it, and the column
-- statistics of a table are hidden from who may not read the table.
SELECT
    current_user::text AS role_name,
    (
        SELECT count(*) FROM pg_stat_activity AS a WHERE a.backend_type IS NULL
    ) AS hidden_sessions,
    (
        SELECT count(*)
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm', 'p') AND NOT c.relispartition
            AND n.nspname = ANY (CAST(:schemas AS text[]))
            AND NOT has_table_privilege(c.oid, 'SELECT')
    ) AS hidden_tables
