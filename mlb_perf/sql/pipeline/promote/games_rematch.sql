-- All ids that a source has for two teams on a day go to the games that are listed, in the order of
-- number or start, as soon as there are as many: an id that came alone may have been matched to the
-- nearest start, which was another game's.
WITH day AS (
    SELECT home_team_id, away_team_id, game_date
    FROM curated.enhanced_games AS g
    WHERE (home_team_id, away_team_id, game_date) IN (
        SELECT t.home_team_id, t.away_team_id, t.game_date
        FROM curated.enhanced_games AS t
        WHERE t.game_id IN (SELECT game_id FROM description)
    )
    GROUP BY 1, 2, 3
    HAVING count(*) > 1 AND bool_and(EXISTS (
        SELECT 1 FROM curated.game_id_mappings AS m
        WHERE m.game_id = g.game_id AND m.source IN ('mlb_stats_api', 'retrosheet')
    ))
),
game AS (
    SELECT g.*, count(*) OVER same_day AS games, row_number() OVER (
        same_day ORDER BY game_number, scheduled_start_at, game_id
    ) AS place
    FROM curated.enhanced_games AS g
    JOIN day USING (home_team_id, away_team_id, game_date)
    WINDOW same_day AS (PARTITION BY home_team_id, away_team_id, game_date)
),
id AS (
    SELECT m.source, m.external_game_id, g.game_id, g.home_team_id, g.away_team_id, g.game_date,
        told.game_number, told.start_at, told.first_at
    FROM game AS g
    JOIN curated.game_id_mappings AS m USING (game_id)
    CROSS JOIN LATERAL (
        SELECT max(s.game_number) AS game_number, min(s.collected_at) AS first_at,
            (array_agg(s.scheduled_start_at ORDER BY s.collected_at DESC)
                FILTER (WHERE s.scheduled_start_at IS NOT NULL))[1] AS start_at
        FROM {descriptions} AS s
        WHERE s.external_game_id = m.external_game_id AND s.source = m.source
    ) AS told
    WHERE m.source NOT IN ('mlb_stats_api', 'retrosheet') AND m.match_method <> 'by_hand'
),
compared AS (
    SELECT id.*, pg_temp.is_renamed(
            start_at, first_at, lag(start_at) OVER day, lag(first_at) OVER day
        ) AS is_renamed
    FROM id
    WINDOW day AS (
        PARTITION BY source, home_team_id, away_team_id, game_date
        ORDER BY game_number, start_at, external_game_id
    )
),
placed AS (
    SELECT compared.*, count(*) FILTER (WHERE NOT is_renamed) OVER day AS ids,
        count(*) FILTER (WHERE NOT is_renamed)
            OVER (day ORDER BY game_number, start_at, external_game_id) AS place,
        bool_and(start_at IS NOT NULL OR game_number > 1) OVER day AS is_ordered
    FROM compared
    WINDOW day AS (PARTITION BY source, home_team_id, away_team_id, game_date)
)
INSERT INTO rematched (source, external_game_id, game_id_before, game_id)
SELECT placed.source, placed.external_game_id, placed.game_id, game.game_id
FROM placed
JOIN game USING (home_team_id, away_team_id, game_date, place)
WHERE placed.ids = game.games AND placed.is_ordered AND placed.game_id <> game.game_id
