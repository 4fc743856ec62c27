-- What follows USING in the definitions of the parent's indexes of which the leaf has no equal.
-- Those of constraints are left to ATTACH: a leaf has had them since it was made.
WITH definitions AS (
    SELECT i.indrelid, i.indisunique AS is_unique, i.indisvalid,
        regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', '') AS definition
    FROM pg_index AS i
    WHERE i.indrelid IN (to_regclass(:leaf), to_regclass(:parent))
        AND (
            i.indrelid = to_regclass(:leaf)
            OR NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
        )
)
SELECT p.is_unique, p.definition
FROM definitions AS p
WHERE p.indrelid = to_regclass(:parent)
    AND NOT EXISTS (
        SELECT FROM definitions AS l
        WHERE l.indrelid = to_regclass(:leaf) AND l.indisvalid
            AND (l.is_unique, l.definition) = (p.is_unique, p.definition)
    )
ORDER BY p.definition
