-- Where a feed has the sides of a game the other way around, as at a neutral site, the ids that no
-- game was found for take the sides that the game has.
DELETE FROM matched;

INSERT INTO matched
SELECT e.id_source, e.external_game_id
FROM event AS e
WHERE e.game_id IS NULL AND NOT e.is_turned
  AND EXISTS (
    SELECT 1 FROM curated.enhanced_games AS g
    WHERE g.home_team_id = e.away_team_id AND g.away_team_id = e.home_team_id
      AND (g.game_date = e.game_date
           OR g.scheduled_start_at BETWEEN e.start_at - interval '3 hours'
              AND e.start_at + interval '3 hours')
      -- Two games of one source are two games, unless one of its ids is new.
      AND (NOT e.is_schedule
            AND g.scheduled_start_at BETWEEN e.start_at - interval '1 hour'
                AND e.start_at + interval '1 hour'
           OR NOT EXISTS (
            SELECT 1 FROM curated.game_id_mappings AS m
            WHERE m.game_id = g.game_id AND m.source = e.id_source
           ) AND NOT EXISTS (
            SELECT 1 FROM event AS taken
            WHERE taken.game_id = g.game_id AND taken.id_source = e.id_source
           ))
  );

UPDATE event AS e
SET home_team_id = e.away_team_id, away_team_id = e.home_team_id, is_turned = true
FROM matched AS m
WHERE m.id_source = e.id_source AND m.external_game_id = e.external_game_id
