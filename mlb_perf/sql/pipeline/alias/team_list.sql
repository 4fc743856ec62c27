-- The aliases of teams, or those that are a name or mean the team of that name.
SELECT a.source, a.alias, t.name
FROM staging.team_aliases AS a
JOIN curated.teams AS t USING (team_id)
WHERE CAST(:name AS text) IS NULL
   OR lower(CAST(:name AS text)) IN (lower(a.alias), lower(t.name), lower(t.abbreviation))
ORDER BY t.name, a.source, a.alias
