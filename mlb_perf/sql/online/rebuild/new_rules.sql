-- The CHECKs and NOT NULLs that the shadow has and the table does not, each as SQL that is true of a
-- row that violates it.

SELECT format('CHECK %s of %s', pg_get_expr(k.conbin, k.conrelid), k.conname) AS name,
    format('NOT (%s)', pg_get_expr(k.conbin, k.conrelid)) AS rule
FROM pg_constraint AS k
WHERE k.conrelid = to_regclass(:shadow)
    AND k.contype = 'c'
    AND NOT EXISTS (
        SELECT FROM pg_constraint AS o
        WHERE o.conrelid = to_regclass(:live)
            AND o.contype = 'c'
            AND o.convalidated
            AND pg_get_expr(o.conbin, o.conrelid) = pg_get_expr(k.conbin, k.conrelid)
    )
UNION ALL
SELECT format('%I becomes NOT NULL', n.attname), format('%I IS NULL', n.attname)
FROM pg_attribute AS n
LEFT JOIN pg_attribute AS o ON o.attrelid = to_regclass(:live) AND o.attname = n.attname
WHERE n.attrelid = to_regclass(:shadow) AND n.attnum > 0 AND n.attnotnull
    AND n.attgenerated = '' AND o.attnotnull IS NOT TRUE
ORDER BY name
