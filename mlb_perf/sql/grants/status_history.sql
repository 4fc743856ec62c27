-- Members of pg_monitor read the history, as that of the other snapshots; and roles that write those
-- by a grant write this one, too.
GRANT SELECT ON performance_monitoring.status_history TO pg_monitor;
DO $do$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON performance_monitoring.status_history TO %I', r.rolname)
        FROM pg_class AS c
        CROSS JOIN LATERAL aclexplode(c.relacl) AS a
        JOIN pg_roles AS r ON r.oid = a.grantee
        WHERE c.oid = 'performance_monitoring.table_history'::regclass
            AND a.grantee <> c.relowner AND a.privilege_type = 'DELETE'
    LOOP
        EXECUTE statement;
    END LOOP;
END
$do$;
