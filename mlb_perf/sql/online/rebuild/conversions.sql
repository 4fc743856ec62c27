-- The columns whose type changes by a conversion that an assignment does not make, or that depends
-- on the session, as that of a timestamp to one with a time zone does.

SELECT o.attname AS name, format_type(o.atttypid, o.atttypmod) AS old_type,
    format_type(n.atttypid, n.atttypmod) AS new_type
FROM pg_attribute AS o
JOIN pg_attribute AS n ON n.attrelid = to_regclass(:shadow) AND n.attname = o.attname
JOIN pg_type AS ot ON ot.oid = o.atttypid
JOIN pg_type AS nt ON nt.oid = n.atttypid
WHERE o.attrelid = to_regclass(:live) AND o.attnum > 0 AND NOT o.attisdropped
    AND n.attgenerated = ''
    AND coalesce(nullif(ot.typbasetype, 0), ot.oid) <> coalesce(nullif(nt.typbasetype, 0), nt.oid)
    AND o.attname <> ALL (CAST(:given AS text[]))
    AND NOT EXISTS (
        SELECT FROM pg_cast AS c
        LEFT JOIN pg_proc AS p ON p.oid = c.castfunc
        WHERE c.castsource = coalesce(nullif(ot.typbasetype, 0), ot.oid)
            AND c.casttarget = coalesce(nullif(nt.typbasetype, 0), nt.oid)
            AND c.castcontext IN ('a', 'i')
            AND (c.castmethod = 'b' OR p.provolatile = 'i')
    )
ORDER BY o.attnum
