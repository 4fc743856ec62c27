-- The teams of that name or code; where there is none, those that it is an alias of.
WITH named AS (
    SELECT team_id AS id, name FROM curated.teams
    WHERE lower(:meant) IN (lower(name), lower(abbreviation))
)
SELECT id, name FROM named
UNION
SELECT t.team_id, t.name
FROM staging.team_aliases AS a
JOIN curated.teams AS t USING (team_id)
WHERE lower(a.alias) = lower(:meant) AND NOT EXISTS (SELECT 1 FROM named)
ORDER BY name
