-- Where two games of two teams on a day have one number, as when one moves in, those whose number
-- no schedule tells get the numbers that are left, in the order of their starts.
CREATE TEMPORARY TABLE renumbered ON COMMIT DROP AS
WITH day AS (
    SELECT g.home_team_id, g.away_team_id, g.game_date, count(*)::integer AS games
    FROM curated.enhanced_games AS g
    WHERE (g.home_team_id, g.away_team_id, g.game_date) IN (
        SELECT t.home_team_id, t.away_team_id, t.game_date
        FROM curated.enhanced_games AS t
        WHERE t.game_id IN (SELECT game_id FROM description)
    )
    GROUP BY 1, 2, 3
    HAVING count(*) > 1
),
game AS (
    SELECT g.game_id, g.home_team_id, g.away_team_id, g.game_date, g.game_number,
        g.scheduled_start_at, EXISTS (
            SELECT 1 FROM {descriptions} AS s
            WHERE s.game_id = g.game_id AND s.source IN ('mlb_stats_api', 'retrosheet')
        ) AS is_told
    FROM curated.enhanced_games AS g
    JOIN day USING (home_team_id, away_team_id, game_date)
),
numbered AS (
    SELECT game_id, row_number() OVER (
        PARTITION BY home_team_id, away_team_id, game_date ORDER BY scheduled_start_at, game_id
    ) AS place, home_team_id, away_team_id, game_date, game_number
    FROM game
    WHERE NOT is_told
),
open AS (
    SELECT day.*, number, row_number() OVER (
        PARTITION BY home_team_id, away_team_id, game_date ORDER BY number
    ) AS place
    FROM day
    CROSS JOIN generate_series(1, day.games) AS number
    WHERE NOT EXISTS (
        SELECT 1 FROM game
        WHERE game.is_told AND game.game_number = number
          AND (game.home_team_id, game.away_team_id, game.game_date)
            = (day.home_team_id, day.away_team_id, day.game_date)
    )
)
SELECT numbered.game_id, open.number AS game_number
FROM numbered
JOIN open USING (home_team_id, away_team_id, game_date, place)
WHERE numbered.game_number <> open.number;

WITH game AS (SELECT * FROM renumbered)
UPDATE curated.enhanced_games AS g
SET game_number = game.game_number, updated_at = now()
FROM game
WHERE g.game_id = game.game_id;

DROP TABLE pg_temp.renumbered
