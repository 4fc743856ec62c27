-- Which of the given tables and views (schema.name) exist, as anything that takes the name, and which
-- of the given functions (with argument types).
SELECT name
FROM unnest(CAST(:tables AS text[])) AS name
WHERE CASE WHEN name LIKE '%(%' THEN to_regprocedure(name)::oid ELSE to_regclass(name)::oid END
    IS NOT NULL
ORDER BY name
