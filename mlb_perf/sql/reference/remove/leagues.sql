-- The league, if nothing refers to it any more.
DELETE FROM curated.leagues AS league
 WHERE league.code IN (SELECT code FROM given)
   AND NOT EXISTS (
        SELECT FROM (
            SELECT league_id FROM curated.teams
             UNION ALL SELECT league_id FROM staging.team_aliases
             UNION ALL SELECT league_id FROM curated.enhanced_games
             UNION ALL SELECT league_id FROM curated.game_id_mappings
        ) AS referring
        WHERE referring.league_id = league.league_id
       );
