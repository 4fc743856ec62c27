-- An alias of a team; one that meant another team means this one now.
INSERT INTO staging.team_aliases (league_id, source, alias, team_id)
SELECT league_id, :source, :alias, team_id FROM curated.teams WHERE team_id = :id
ON CONFLICT (league_id, source, alias) DO UPDATE SET team_id = excluded.team_id
