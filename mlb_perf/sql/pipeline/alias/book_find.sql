-- The books of that key or name; where there is none, those that it is an alias of.
WITH named AS (
    SELECT sportsbook_id AS id, key AS name FROM curated.sportsbooks
    WHERE lower(:meant) IN (lower(key), lower(curated.sportsbooks.name))
)
SELECT id, name FROM named
UNION
SELECT b.sportsbook_id, b.key
FROM staging.sportsbook_aliases AS a
JOIN curated.sportsbooks AS b USING (sportsbook_id)
WHERE lower(a.alias) = lower(:meant) AND NOT EXISTS (SELECT 1 FROM named)
ORDER BY name
