-- Collations whose library has another version than when their indexes were built: these may be in
-- the wrong order, so that rows are not found and unique keys are not unique.
SELECT
    'database ' || d.datname AS name,
    d.datcollversion AS recorded,
    pg_database_collation_actual_version(d.oid) AS present,
    format('REINDEX DATABASE %I; ALTER DATABASE %I REFRESH COLLATION VERSION', d.datname, d.datname) AS remedy
FROM pg_database AS d
WHERE d.datname = current_database()
    AND d.datcollversion IS DISTINCT FROM pg_database_collation_actual_version(d.oid)
    AND d.datcollversion IS NOT NULL
UNION ALL
SELECT
    'collation ' || c.oid::regcollation,
    c.collversion,
    pg_collation_actual_version(c.oid),
    concat(string_agg(format('REINDEX INDEX CONCURRENTLY %s; ', i.indexrelid::regclass), ''),
        format('ALTER COLLATION %s REFRESH VERSION', c.oid::regcollation))
FROM pg_collation AS c
JOIN pg_index AS i ON c.oid = ANY (i.indcollation)
WHERE c.collversion IS DISTINCT FROM pg_collation_actual_version(c.oid) AND c.collversion IS NOT NULL
GROUP BY c.oid, c.collversion
ORDER BY name
