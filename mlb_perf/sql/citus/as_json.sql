-- The rows of a query that are of the given schemas, as one JSON array.
SELECT coalesce(jsonb_agg(to_jsonb(v)), '[]') FROM (
{query}
) AS v
WHERE v.schema_name IN ({schemas})
