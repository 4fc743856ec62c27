-- Which of the given tables (schema.name) exist, as anything that takes the name.
SELECT name
FROM unnest(CAST(:tables AS text[])) AS name
WHERE to_regclass(name) IS NOT NULL
ORDER BY name
