-- What is granted to the roles, and to everyone: role, right, and the thing that it is on. What
-- everyone may do in the database, connect and make temporary tables, is its owner's to say.
WITH role AS (
    SELECT oid, rolname::text FROM pg_roles WHERE rolname = ANY (CAST(:names AS text[]))
    UNION ALL
    SELECT 0, 'PUBLIC'
),
thing AS (
    SELECT 'SCHEMA ' || quote_ident(n.nspname) AS name, n.nspacl AS acl
    FROM pg_namespace AS n WHERE n.nspname = ANY (CAST(:schemas AS text[]))
    UNION ALL
    SELECT 'DATABASE ' || quote_ident(d.datname), d.datacl
    FROM pg_database AS d WHERE d.datname = current_database()
    UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END
        || n.nspname || '.' || quote_ident(c.relname), c.relacl
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (CAST(:schemas AS text[])) AND NOT c.relispartition
    UNION ALL
    SELECT format('FUNCTION %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
        coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname = ANY (CAST(:schemas AS text[]))
)
SELECT r.rolname, a.privilege_type, t.name
FROM thing AS t
CROSS JOIN LATERAL aclexplode(t.acl) AS a
JOIN role AS r ON r.oid = a.grantee
WHERE NOT (r.oid = 0 AND starts_with(t.name, 'DATABASE '))
UNION ALL
SELECT r.rolname, 'DEFAULT ' || a.privilege_type,
    n.nspname || CASE d.defaclobjtype WHEN 'S' THEN ' SEQUENCES' WHEN 'f' THEN ' FUNCTIONS' ELSE ' TABLES' END
FROM pg_default_acl AS d
JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
JOIN role AS r ON r.oid = a.grantee
WHERE d.defaclrole = (SELECT s.nspowner FROM pg_namespace AS s WHERE s.nspname = 'performance_monitoring')
UNION ALL
SELECT r.rolname, 'MEMBER', quote_ident(g.rolname)
FROM pg_auth_members AS m
JOIN role AS r ON r.oid = m.member
JOIN pg_roles AS g ON g.oid = m.roleid
