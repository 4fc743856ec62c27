-- A table by range of one date or timestamptz column, and what a new partition of it needs.
SELECT
    c.oid,
    n.nspname AS schema_name,
    c.relname AS table_name,
    a.attname AS column_name,
    a.atttypid = 'date'::regtype AS is_date,
    pg_get_userbyid(c.relowner) AS owner,
    pg_get_userbyid(c.relowner) = current_user AS is_own,
    (
        SELECT array_to_string(l.reloptions, ', ')
        FROM pg_inherits AS i JOIN pg_class AS l ON l.oid = i.inhrelid
        WHERE i.inhparent = c.oid AND l.relkind = 'r' ORDER BY l.oid DESC LIMIT 1
    ) AS options,
    (
        SELECT s.spcname
        FROM pg_class AS l
        JOIN pg_tablespace AS s ON s.oid = l.reltablespace
        WHERE l.oid = c.oid
            OR l.oid = (
                SELECT max(x.oid) FROM pg_inherits AS i JOIN pg_class AS x ON x.oid = i.inhrelid
                WHERE i.inhparent = c.oid AND x.relkind = 'r'
            )
        ORDER BY l.oid <> c.oid LIMIT 1
    ) AS tablespace,
    ARRAY(
        -- What others may do with the table; %s stands for the new partition.
        SELECT format('GRANT %s ON TABLE %%s TO %s%s', string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type),
            CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
            CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM aclexplode(c.relacl) AS x
        WHERE x.grantee <> c.relowner
        GROUP BY x.grantee, x.is_grantable
        ORDER BY 1
    ) AS grants,
    ARRAY(
        SELECT format('%I.%I', rn.nspname, r.relname)
        FROM pg_constraint AS k
        JOIN pg_class AS r ON r.oid = k.confrelid
        JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
        WHERE k.conrelid = c.oid AND k.contype = 'f' ORDER BY 1
    ) AS referenced,
    EXISTS (SELECT FROM pg_namespace AS g WHERE g.nspname = n.nspname || '_graveyard') AS has_graveyard
FROM pg_partitioned_table AS p
JOIN pg_class AS c ON c.oid = p.partrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
WHERE c.oid = to_regclass(:table) AND p.partstrat = 'r' AND p.partnatts = 1
    AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype)
