-- The statements that give one relation the owner and the privileges of another, and revoke those
-- that default privileges gave it.

WITH source AS (SELECT * FROM pg_class WHERE oid = to_regclass(:source)),
destination AS (SELECT * FROM pg_class WHERE oid = to_regclass(:destination)),
named AS (
    SELECT g.kind, g.relacl, g.relowner, g.column_name
    FROM (
        SELECT 'table' AS kind, s.relacl, s.relowner, NULL::name AS column_name FROM source AS s
        UNION ALL
        SELECT 'column', a.attacl, s.relowner, a.attname
        FROM source AS s JOIN pg_attribute AS a ON a.attrelid = s.oid
        JOIN destination AS d ON true
        JOIN pg_attribute AS n ON n.attrelid = d.oid AND n.attname = a.attname
        WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
    ) AS g
)
SELECT statement
FROM (
    -- The check of a foreign key to the table runs with the rights of the table's owner.
    SELECT 0 AS place, format('GRANT USAGE ON SCHEMA %I TO %s', n.nspname, s.relowner::regrole) AS statement
    FROM source AS s, destination AS d JOIN pg_namespace AS n ON n.oid = d.relnamespace
    WHERE NOT has_schema_privilege(s.relowner, n.oid, 'USAGE')
    UNION ALL
    SELECT 1, format('ALTER %s %s OWNER TO %s', CASE d.relkind
            WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
        :destination, s.relowner::regrole)
    FROM source AS s, destination AS d
    WHERE s.relowner <> d.relowner
    UNION ALL
    -- The owner of the table must be able to detach its partitions.
    SELECT 1, format('ALTER TABLE %s OWNER TO %s', c.oid::regclass, s.relowner::regrole)
    FROM source AS s, pg_partition_tree(to_regclass(:destination)) AS p
    JOIN pg_class AS c ON c.oid = p.relid
    WHERE p.level > 0 AND c.relowner <> s.relowner
    UNION ALL
    SELECT DISTINCT 2, format('REVOKE ALL ON %s FROM %s', :destination,
        CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END)
    FROM destination AS d, aclexplode(d.relacl) AS x
    WHERE x.grantee <> d.relowner
    UNION ALL
    SELECT 3, format('GRANT %s%s ON %s TO %s%s', x.privilege_type,
        CASE WHEN n.kind = 'column' THEN format(' (%I)', n.column_name) ELSE '' END, :destination,
        CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
        CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM named AS n, aclexplode(n.relacl) AS x
    WHERE x.grantee <> n.relowner
    UNION ALL
    -- Privileges that the owner has revoked from itself.
    SELECT 4, format('REVOKE %s ON %s FROM %s', p.privilege_type, :destination, n.relowner::regrole)
    FROM named AS n, aclexplode(acldefault('r', n.relowner)) AS p
    WHERE n.kind = 'table' AND n.relacl IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM aclexplode(n.relacl) AS x
            WHERE x.grantee = n.relowner AND x.privilege_type = p.privilege_type
        )
) AS s
ORDER BY place, statement
