-- Games that the server refused, the newest first.
SELECT q.game_id, g.game_date, home.abbreviation AS home, away.abbreviation AS away, q.reason
FROM staging.curation_queue AS q
LEFT JOIN curated.enhanced_games AS g USING (game_id)
LEFT JOIN curated.teams AS home ON home.team_id = g.home_team_id
LEFT JOIN curated.teams AS away ON away.team_id = g.away_team_id
WHERE q.parked_at IS NOT NULL
ORDER BY q.parked_at DESC, q.game_id
LIMIT 20
