-- The rows of a query that are of the given schemas, as one JSON array in hexadecimal digits, which XML
-- leaves as they are.
SELECT encode(convert_to(coalesce(jsonb_agg(to_jsonb(v)), '[]')::text, 'UTF8'), 'hex') AS digits FROM (
{query}
) AS v
WHERE v.schema_name IN ({schemas})
