-- Keys of sportsbooks that no alias knows, with the books whose keys begin alike.
SELECT r.source, r.sportsbook_key AS name, count(*) AS times, (
    SELECT string_agg(near.key, ', ' ORDER BY near.key)
    FROM (
        SELECT b.key FROM curated.sportsbooks AS b
        WHERE left(b.key, 4) = left(lower(r.sportsbook_key), 4)
        ORDER BY b.key LIMIT 3
    ) AS near
) AS near
FROM {unresolved_rejections} AS r
WHERE r.resolved_at IS NULL AND r.reason_code = 'unknown_sportsbook' AND r.sportsbook_key <> ''
GROUP BY r.source, r.sportsbook_key
ORDER BY count(*) DESC, r.source, r.sportsbook_key
LIMIT 20
