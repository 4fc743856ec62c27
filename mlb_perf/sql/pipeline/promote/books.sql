-- Which sportsbooks the quotes and splits of the batch mean: the feed's own
-- alias first, then anybody's.
INSERT INTO book (source, sportsbook_key, sportsbook_id)
WITH name AS (
    SELECT DISTINCT batch.source,
        coalesce(told.sportsbook_key, batch.sportsbook_key, '') AS sportsbook_key
    FROM (
        SELECT raw_id, sportsbook_key FROM quote
        UNION ALL
        SELECT raw_id, sportsbook_key FROM split
    ) AS told
    JOIN batch USING (raw_id)
)
SELECT DISTINCT ON (name.source, name.sportsbook_key)
    name.source, name.sportsbook_key, alias.sportsbook_id
FROM name
JOIN staging.sportsbook_aliases AS alias
  ON pg_temp.folded(alias.alias) = pg_temp.folded(name.sportsbook_key)
 AND alias.source IN (name.source, 'any')
ORDER BY name.source, name.sportsbook_key, alias.source = 'any'
