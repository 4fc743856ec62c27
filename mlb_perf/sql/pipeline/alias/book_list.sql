-- The aliases of sportsbooks, or those that are a name or mean the book of that name.
SELECT a.source, a.alias, b.key
FROM staging.sportsbook_aliases AS a
JOIN curated.sportsbooks AS b USING (sportsbook_id)
WHERE CAST(:name AS text) IS NULL
   OR lower(CAST(:name AS text)) IN (lower(a.alias), lower(b.key), lower(b.name))
ORDER BY b.key, a.source, a.alias
