-- A new id that a source gives an event is another name of the game that it has named already,
-- though the day may have a game that it has no id for yet.
DELETE FROM matched;

INSERT INTO matched
WITH named AS (
    SELECT e.id_source, e.external_game_id, g.game_id, e.start_at, e.first_at,
        told.start_at AS other_start_at, told.first_at AS other_first_at
    FROM event AS e
    JOIN curated.enhanced_games AS g USING (home_team_id, away_team_id, game_date)
    JOIN curated.game_id_mappings AS m ON m.game_id = g.game_id AND m.source = e.id_source
    CROSS JOIN LATERAL (
        SELECT (array_agg(s.scheduled_start_at ORDER BY s.collected_at DESC)
                FILTER (WHERE s.scheduled_start_at IS NOT NULL))[1] AS start_at,
            min(s.collected_at) AS first_at
        FROM {descriptions} AS s
        WHERE s.external_game_id = m.external_game_id AND s.source = m.source
    ) AS told
    WHERE e.game_id IS NULL AND NOT e.is_schedule
),
nearest AS (
    SELECT DISTINCT ON (id_source, external_game_id) id_source, external_game_id, game_id
    FROM named
    WHERE pg_temp.is_renamed(start_at, first_at, other_start_at, other_first_at)
    ORDER BY id_source, external_game_id,
        abs(extract(epoch FROM start_at - other_start_at)), game_id
)
SELECT nearest.id_source, nearest.external_game_id, nearest.game_id
FROM nearest;

UPDATE event AS e
SET game_id = m.game_id, match_method = 'teams_and_start'
FROM matched AS m
WHERE m.id_source = e.id_source AND m.external_game_id = e.external_game_id;

-- Ids to games. Where a source has as many new ids for two teams on a day as there are games that
-- it has no id for, they are those games, in their order: so both games of a doubleheader find
-- theirs whatever their starts have become. It is not done greedily, id by id. Ids that are names of
-- one game count once.
DELETE FROM matched;

INSERT INTO matched
WITH new AS (
    SELECT e.*, NOT is_schedule AND pg_temp.is_renamed(
            start_at, first_at, lag(start_at) OVER day, lag(first_at) OVER day
        ) AS is_renamed
    FROM event AS e
    WHERE game_id IS NULL
    WINDOW day AS (
        PARTITION BY id_source, home_team_id, away_team_id, game_date
        ORDER BY game_number, start_at, external_game_id
    )
),
wanted AS (
    SELECT new.*, count(*) FILTER (WHERE NOT is_renamed) OVER day AS ids,
        count(*) FILTER (WHERE NOT is_renamed)
            OVER (day ORDER BY game_number, start_at, external_game_id) AS place
    FROM new
    WINDOW day AS (PARTITION BY id_source, home_team_id, away_team_id, game_date)
),
free AS (
    SELECT day.id_source, g.game_id, g.home_team_id, g.away_team_id, g.game_date,
        count(*) OVER same_day AS games,
        row_number() OVER (
            same_day ORDER BY g.game_number, g.scheduled_start_at, g.game_id
        ) AS place
    FROM (SELECT DISTINCT id_source, home_team_id, away_team_id, game_date FROM wanted) AS day
    JOIN curated.enhanced_games AS g USING (home_team_id, away_team_id, game_date)
    WHERE NOT EXISTS (
        SELECT 1 FROM curated.game_id_mappings AS m
        WHERE m.game_id = g.game_id AND m.source = day.id_source
    )
    WINDOW same_day AS (
        PARTITION BY day.id_source, g.home_team_id, g.away_team_id, g.game_date
    )
)
SELECT wanted.id_source, wanted.external_game_id, free.game_id
FROM wanted
JOIN free USING (id_source, home_team_id, away_team_id, game_date, place)
WHERE wanted.ids = free.games;

UPDATE event AS e
SET game_id = m.game_id, match_method = 'teams_and_start'
FROM matched AS m
WHERE m.id_source = e.id_source AND m.external_game_id = e.external_game_id;

-- Fewer or more ids than games: the nearest start, on the same day or within three hours of the
-- start that a game has or had.
DELETE FROM matched;

INSERT INTO matched
WITH pair AS (
    SELECT e.id_source, e.external_game_id, g.game_id,
        (e.game_number <> g.game_number) IS TRUE AS is_another_number,
        least(abs(extract(epoch FROM g.scheduled_start_at - e.start_at)),
              abs(extract(epoch FROM g.original_start_at - e.start_at))) AS apart,
        g.game_number
    FROM event AS e
    JOIN curated.enhanced_games AS g
      ON g.home_team_id = e.home_team_id AND g.away_team_id = e.away_team_id
     AND (g.game_date = e.game_date
          OR g.scheduled_start_at BETWEEN e.start_at - interval '3 hours'
             AND e.start_at + interval '3 hours'
          OR g.original_start_at BETWEEN e.start_at - interval '3 hours'
             AND e.start_at + interval '3 hours')
    WHERE e.game_id IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM curated.game_id_mappings AS m
        WHERE m.game_id = g.game_id AND m.source = e.id_source
      )
      AND NOT EXISTS (
        SELECT 1 FROM event AS taken
        WHERE taken.game_id = g.game_id AND taken.id_source = e.id_source
      )
),
ranked AS (
    SELECT *,
        row_number() OVER (
            PARTITION BY id_source, external_game_id
            ORDER BY is_another_number, apart, game_number, game_id
        ) AS of_event,
        row_number() OVER (
            PARTITION BY id_source, game_id ORDER BY is_another_number, apart, external_game_id
        ) AS of_game
    FROM pair
)
SELECT r.id_source, r.external_game_id, r.game_id
FROM ranked AS r
WHERE r.of_event = 1 AND r.of_game = 1;

UPDATE event AS e
SET game_id = m.game_id, match_method = 'teams_and_start'
FROM matched AS m
WHERE m.id_source = e.id_source AND m.external_game_id = e.external_game_id;

-- An id that is left is another name of a game that the source has named already, if it starts
-- within two hours of it: a source gives an event a new id now and then. A schedule does not.
DELETE FROM matched;

INSERT INTO matched
WITH named AS (
    SELECT m.source AS id_source, g.game_id, g.home_team_id, g.away_team_id,
        g.scheduled_start_at AS start_at
    FROM curated.game_id_mappings AS m
    JOIN curated.enhanced_games AS g USING (game_id)
    JOIN (SELECT DISTINCT id_source, home_team_id, away_team_id FROM event WHERE game_id IS NULL)
        AS open
      ON open.id_source = m.source AND open.home_team_id = g.home_team_id
     AND open.away_team_id = g.away_team_id
    UNION ALL
    SELECT id_source, game_id, home_team_id, away_team_id, start_at
    FROM event
    WHERE game_id IS NOT NULL
),
nearest AS (
    SELECT DISTINCT ON (e.id_source, e.external_game_id) e.id_source, e.external_game_id,
        n.game_id
    FROM event AS e
    JOIN named AS n USING (id_source, home_team_id, away_team_id)
    WHERE e.game_id IS NULL AND NOT e.is_schedule
      AND n.start_at BETWEEN e.start_at - interval '2 hours' AND e.start_at + interval '2 hours'
    ORDER BY e.id_source, e.external_game_id,
        abs(extract(epoch FROM n.start_at - e.start_at)), n.game_id
)
SELECT nearest.id_source, nearest.external_game_id, nearest.game_id
FROM nearest;

UPDATE event AS e
SET game_id = m.game_id, match_method = 'teams_and_start'
FROM matched AS m
WHERE m.id_source = e.id_source AND m.external_game_id = e.external_game_id;

-- A game is made only where none is listed: what is left of a day whose games a schedule or results
-- have is a name of the nearest of them.
DELETE FROM matched;

INSERT INTO matched
WITH nearest AS (
    SELECT DISTINCT ON (e.id_source, e.external_game_id) e.id_source, e.external_game_id,
        g.game_id
    FROM event AS e
    JOIN curated.enhanced_games AS g USING (home_team_id, away_team_id, game_date)
    WHERE e.game_id IS NULL AND NOT e.is_schedule
      AND EXISTS (
        SELECT 1 FROM curated.game_id_mappings AS m
        WHERE m.game_id = g.game_id AND m.source IN ('mlb_stats_api', 'retrosheet')
      )
    ORDER BY e.id_source, e.external_game_id,
        abs(extract(epoch FROM g.scheduled_start_at - e.start_at)), g.game_number, g.game_id
)
SELECT nearest.id_source, nearest.external_game_id, nearest.game_id
FROM nearest;

UPDATE event AS e
SET game_id = m.game_id, match_method = 'teams_and_start'
FROM matched AS m
WHERE m.id_source = e.id_source AND m.external_game_id = e.external_game_id
