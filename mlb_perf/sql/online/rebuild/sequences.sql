-- The serial and identity columns of a table, with their sequences; "limits" are the options of an
-- identity's sequence that differ from those of its type.

SELECT
    quote_ident(a.attname) AS column_name,
    a.attidentity <> '' AS is_identity,
    coalesce(pg_get_expr(f.adbin, f.adrelid) LIKE 'nextval(%', false) AS is_default,
    CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END AS kind,
    format('%I.%I', n.nspname, s.relname) AS name,
    quote_ident(s.relname) AS bare_name,
    concat_ws(' ', format('START %s INCREMENT %s CACHE %s', q.seqstart, q.seqincrement, q.seqcache),
        CASE WHEN q.seqcycle THEN 'CYCLE' END,
        CASE WHEN q.seqmin <> 1 AND q.seqincrement > 0 THEN format('MINVALUE %s', q.seqmin) END,
        CASE WHEN q.seqmax NOT IN (32767, 2147483647, 9223372036854775807) AND q.seqincrement > 0
            THEN format('MAXVALUE %s', q.seqmax) END
    ) AS limits,
    ARRAY(
        SELECT format('GRANT %s ON SEQUENCE %I.%I TO %s%s', x.privilege_type, n.nspname, s.relname,
            CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
            CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM aclexplode(s.relacl) AS x
        WHERE x.grantee <> s.relowner
        ORDER BY 1
    ) AS grants
FROM pg_depend AS d
JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_namespace AS n ON n.oid = s.relnamespace
JOIN pg_sequence AS q ON q.seqrelid = s.oid
JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
LEFT JOIN pg_attrdef AS f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    AND d.refobjid = to_regclass(:table) AND d.deptype IN ('a', 'i')
ORDER BY a.attnum, name
