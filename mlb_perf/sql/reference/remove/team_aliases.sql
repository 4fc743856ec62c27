-- The aliases that still point to the same team.
DELETE FROM staging.team_aliases AS stored
 USING spelling
 CROSS JOIN LATERAL string_to_table(spelling.aliases, ', ') AS listed (alias)
  JOIN curated.leagues AS league ON league.code IN ('MLB', 'ASG')
  JOIN curated.teams AS team
    ON team.league_id = league.league_id AND team.abbreviation = spelling.abbreviation
 WHERE stored.league_id = team.league_id
   AND stored.source = spelling.source
   AND stored.alias = listed.alias
   AND stored.team_id = team.team_id;
