-- Which of the given tables and views (schema.name) exist, as anything that takes the name, and which
-- of the given functions (with argument types). Until PostgreSQL 15 to_regprocedure is an error in a
-- schema that does not exist.
SELECT name
FROM unnest(CAST(:tables AS text[])) AS name
WHERE CASE
    WHEN to_regnamespace(split_part(name, '.', 1)) IS NULL THEN NULL
    WHEN name LIKE '%(%' THEN to_regprocedure(name)::oid
    ELSE to_regclass(name)::oid
END IS NOT NULL
ORDER BY name
