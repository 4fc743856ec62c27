-- Whether a feed has the sides of a game of the batch the other way around. An array keeps it at one
-- probe of the index for each game.
SELECT EXISTS (
    SELECT 1
    FROM {descriptions} AS s
    JOIN curated.enhanced_games AS g ON g.game_id = s.game_id AND g.away_team_id = s.home_team_id
    WHERE s.external_game_id = ANY (ARRAY(SELECT DISTINCT external_game_id FROM batch))
)
