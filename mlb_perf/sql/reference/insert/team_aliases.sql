INSERT INTO staging.team_aliases (league_id, source, alias, team_id)
SELECT team.league_id, spelling.source, listed.alias, team.team_id
  FROM spelling
 CROSS JOIN LATERAL string_to_table(spelling.aliases, ', ') AS listed (alias)
  JOIN curated.leagues AS league ON league.code IN ('MLB', 'ASG')
  JOIN curated.teams AS team
    ON team.league_id = league.league_id AND team.abbreviation = spelling.abbreviation
 ORDER BY spelling.source COLLATE "C", listed.alias COLLATE "C"
    ON CONFLICT (league_id, source, alias) DO NOTHING;
