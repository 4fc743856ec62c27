-- What is granted to the roles, and to everyone: role, right, and the thing that it is on. What
-- everyone may do in the database, connect and make temporary tables, is its owner's to say; and what
-- the roles may do in the schema of the version table, beyond the group that migrates.
WITH role AS (
    SELECT oid, rolname::text FROM pg_roles WHERE rolname = ANY (CAST(:names AS text[]))
    UNION ALL
    SELECT 0, 'PUBLIC'
),
thing AS (
    SELECT 'SCHEMA ' || quote_ident(n.nspname) AS name, n.nspacl AS acl, n.nspowner AS owner, false AS is_others
    FROM pg_namespace AS n WHERE n.nspname = ANY (CAST(:schemas AS text[]))
    UNION ALL
    SELECT 'SCHEMA ' || quote_ident(n.nspname), n.nspacl, n.nspowner, true
    FROM pg_namespace AS n
    WHERE n.nspname = :version_table_schema AND n.nspname <> ALL (CAST(:schemas AS text[]))
    UNION ALL
    SELECT 'DATABASE ' || quote_ident(d.datname), d.datacl, d.datdba, false
    FROM pg_database AS d WHERE d.datname = current_database()
    UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END
        || n.nspname || '.' || quote_ident(c.relname), c.relacl, c.relowner, false
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (CAST(:schemas AS text[])) AND NOT c.relispartition
    UNION ALL
    SELECT format('FUNCTION %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
        coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner, false
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname = ANY (CAST(:schemas AS text[]))
)
SELECT r.rolname, a.privilege_type, t.name
FROM thing AS t
CROSS JOIN LATERAL aclexplode(t.acl) AS a
JOIN role AS r ON r.oid = a.grantee
WHERE a.grantee <> t.owner
  AND NOT (r.oid = 0 AND starts_with(t.name, 'DATABASE '))
  AND (NOT t.is_others OR r.rolname = :group)
UNION ALL
SELECT r.rolname, format('%s (%I)', a.privilege_type, t.attname),
    'TABLE ' || n.nspname || '.' || quote_ident(c.relname)
FROM pg_attribute AS t
JOIN pg_class AS c ON c.oid = t.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(t.attacl) AS a
JOIN role AS r ON r.oid = a.grantee
WHERE n.nspname = ANY (CAST(:schemas AS text[])) AND NOT c.relispartition AND NOT t.attisdropped
UNION ALL
SELECT r.rolname, 'DEFAULT ' || a.privilege_type,
    n.nspname || CASE d.defaclobjtype WHEN 'S' THEN ' SEQUENCES ' WHEN 'f' THEN ' FUNCTIONS ' ELSE ' TABLES ' END
        || quote_ident(o.rolname)
FROM pg_default_acl AS d
JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
JOIN pg_roles AS o ON o.oid = d.defaclrole
CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
JOIN role AS r ON r.oid = a.grantee
WHERE n.nspname = ANY (CAST(:schemas AS text[]))
UNION ALL
SELECT r.rolname, 'MEMBER', quote_ident(g.rolname)
FROM pg_auth_members AS m
JOIN role AS r ON r.oid = m.member
JOIN pg_roles AS g ON g.oid = m.roleid
