-- The descriptions of what is matched: of the ids themselves, and of all ids of the games that these
-- teams have on these days.
TRUNCATE pg_temp.wanted_id, pg_temp.descriptions;

INSERT INTO pg_temp.wanted_id
WITH game AS (
    SELECT game_id FROM description WHERE game_id IS NOT NULL
    UNION
    SELECT game_id FROM rematched
    UNION
    SELECT game_id_before FROM rematched
),
day AS (
    SELECT home_team_id, away_team_id, game_date FROM event
    UNION
    SELECT away_team_id, home_team_id, game_date FROM event
    UNION
    SELECT g.home_team_id, g.away_team_id, g.game_date
    FROM curated.enhanced_games AS g
    JOIN game USING (game_id)
),
near AS (
    SELECT game_id FROM game
    UNION
    SELECT g.game_id
    FROM curated.enhanced_games AS g
    JOIN day USING (home_team_id, away_team_id, game_date)
)
SELECT external_game_id FROM told_change
UNION
SELECT external_game_id FROM batch
UNION
SELECT m.external_game_id FROM curated.game_id_mappings AS m JOIN near USING (game_id);

INSERT INTO pg_temp.descriptions
SELECT *
FROM staging.games
WHERE external_game_id IN (SELECT external_game_id FROM pg_temp.wanted_id);

ANALYZE pg_temp.descriptions
