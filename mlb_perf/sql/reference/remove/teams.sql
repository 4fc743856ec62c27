-- The teams that nothing refers to any more.
DELETE FROM curated.teams AS team
 USING curated.leagues AS league
  JOIN given ON given.league = league.code
 WHERE team.league_id = league.league_id
   AND team.abbreviation = given.abbreviation
   AND NOT EXISTS (
        SELECT FROM (
            SELECT team_id FROM staging.team_aliases
             UNION ALL SELECT home_team_id FROM curated.enhanced_games
             UNION ALL SELECT away_team_id FROM curated.enhanced_games
        ) AS referring
        WHERE referring.team_id = team.team_id
       );
