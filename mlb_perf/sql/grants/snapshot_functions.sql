-- A function that is created again has lost its grants: roles that may run the maintenance may run
-- the functions that it calls.
DO $do$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', f.oid::regprocedure, r.rolname)
        FROM pg_proc AS m
        CROSS JOIN LATERAL aclexplode(m.proacl) AS a
        JOIN pg_roles AS r ON r.oid = a.grantee
        JOIN pg_proc AS f ON f.pronamespace = m.pronamespace
        WHERE m.oid = 'performance_monitoring.run_maintenance()'::regprocedure
            AND a.grantee <> m.proowner
            AND f.proname IN ('capture_snapshot', 'capture_status', 'thin_history')
    LOOP
        EXECUTE statement;
    END LOOP;
END
$do$;
