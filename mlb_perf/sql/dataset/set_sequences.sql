-- Each sequence that gives a column its default goes on after the column's highest id.
SELECT format('%I.%I', n.nspname, t.relname) AS table_name, a.attname AS column_name,
    format('%I.%I', sn.nspname, s.relname) AS sequence_name
FROM pg_depend AS d
JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_namespace AS sn ON sn.oid = s.relnamespace
JOIN pg_class AS t ON t.oid = d.refobjid
JOIN pg_namespace AS n ON n.oid = t.relnamespace
JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
  AND d.deptype IN ('a', 'i')
  AND n.nspname IN ('staging', 'curated', 'analytics', 'operational')
ORDER BY 1
