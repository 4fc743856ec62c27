-- From the descriptions of one raw table to games: which teams, which game, a
-- new one if there is none, and each game as its best source describes it last.

WITH spelling AS (
    SELECT DISTINCT source, id_source, name
    FROM description
    CROSS JOIN LATERAL (VALUES (home_name), (away_name)) AS names (name)
),
meant AS (  -- the feed's own spelling first, then the source's of its ids, then anybody's
    SELECT DISTINCT ON (spelling.source, spelling.id_source, spelling.name)
        spelling.source, spelling.id_source, spelling.name, alias.team_id, alias.league_id
    FROM spelling
    JOIN staging.team_aliases AS alias
      ON pg_temp.folded(alias.alias) = pg_temp.folded(spelling.name)
     AND alias.source IN (spelling.source, spelling.id_source, 'any')
    ORDER BY spelling.source, spelling.id_source, spelling.name,
        alias.source = spelling.source DESC, alias.source = spelling.id_source DESC, alias.league_id
)
UPDATE description AS d
SET home_team_id = home.team_id, away_team_id = away.team_id, league_id = home.league_id
FROM meant AS home, meant AS away
WHERE home.name = d.home_name AND home.source = d.source AND home.id_source = d.id_source
  AND away.name = d.away_name AND away.source = d.source AND away.id_source = d.id_source
  AND home.league_id = away.league_id AND home.team_id <> away.team_id;

-- The official date is the start's in the home park's time zone.
UPDATE description AS d
SET game_date = coalesce(
    (d.start_at AT TIME ZONE coalesce(venue.time_zone, 'America/New_York'))::date, d.game_date
)
FROM curated.teams AS team
LEFT JOIN curated.venues AS venue ON venue.venue_id = team.home_venue_id
WHERE team.team_id = d.home_team_id AND (d.game_date IS NULL OR d.start_at IS NOT NULL)
  AND d.source <> 'mlb_stats_api';

UPDATE description
SET game_date = (start_at AT TIME ZONE 'America/New_York')::date
WHERE game_date IS NULL AND start_at IS NOT NULL AND home_team_id IS NOT NULL;

-- Games that no mapping knows, each once, as they were described last.
INSERT INTO event (
    id_source, external_game_id, league_id, home_team_id, away_team_id, start_at, game_date,
    game_number
)
SELECT DISTINCT ON (id_source, external_game_id)
    id_source, external_game_id, league_id, home_team_id, away_team_id, start_at, game_date,
    game_number
FROM description AS d
WHERE home_team_id IS NOT NULL AND game_date IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM curated.game_id_mappings AS m
    WHERE m.source = d.id_source AND m.external_game_id = d.external_game_id
  )
ORDER BY id_source, external_game_id, start_at IS NULL, collected_at DESC;

-- The same teams within three hours, or on the same day where no time is told;
-- a source that calls two games by two names means two games.
WITH pair AS (
    SELECT e.id_source, e.external_game_id, g.game_id,
        coalesce(abs(extract(epoch FROM g.scheduled_start_at - e.start_at)), 0) AS apart,
        g.game_number
    FROM event AS e
    JOIN curated.enhanced_games AS g
      ON g.home_team_id = e.home_team_id AND g.away_team_id = e.away_team_id
     AND CASE
            WHEN e.start_at IS NOT NULL AND g.scheduled_start_at IS NOT NULL
            THEN g.scheduled_start_at BETWEEN e.start_at - interval '3 hours'
                 AND e.start_at + interval '3 hours'
            ELSE g.game_date = e.game_date
                 AND (e.game_number IS NULL OR g.game_number = e.game_number)
        END
    WHERE NOT EXISTS (
        SELECT FROM curated.game_id_mappings AS m
        WHERE m.game_id = g.game_id AND m.source = e.id_source
    )
),
ranked AS (
    SELECT *,
        row_number() OVER (
            PARTITION BY id_source, external_game_id ORDER BY apart, game_number, game_id
        ) AS of_event,
        row_number() OVER (
            PARTITION BY id_source, game_id ORDER BY apart, external_game_id
        ) AS of_game
    FROM pair
)
UPDATE event AS e
SET game_id = r.game_id, match_method = 'teams_and_start'
FROM ranked AS r
WHERE r.of_event = 1 AND r.of_game = 1
  AND r.id_source = e.id_source AND r.external_game_id = e.external_game_id;

UPDATE event
SET game_id = nextval('curated.enhanced_games_game_id_seq'), match_method = 'source_id'
WHERE game_id IS NULL;

INSERT INTO curated.enhanced_games (
    game_id, league_id, season, game_pk, game_date, game_number, original_start_at,
    scheduled_start_at, venue_id, home_team_id, away_team_id
)
SELECT e.game_id, e.league_id, extract(year FROM e.game_date)::integer,
    CASE WHEN e.id_source = 'mlb_stats_api' AND e.external_game_id ~ '^[0-9]{1,18}$'
        THEN e.external_game_id::bigint END,
    e.game_date,
    coalesce(e.game_number, least(3, (
        SELECT count(*) FROM curated.enhanced_games AS g
        WHERE g.home_team_id = e.home_team_id AND g.away_team_id = e.away_team_id
          AND g.game_date = e.game_date
    ) + row_number() OVER (
        PARTITION BY e.home_team_id, e.away_team_id, e.game_date
        ORDER BY e.start_at, e.external_game_id
    ))::integer),
    e.start_at, e.start_at, team.home_venue_id, e.home_team_id, e.away_team_id
FROM event AS e
JOIN curated.teams AS team ON team.team_id = e.home_team_id
WHERE e.match_method = 'source_id';

INSERT INTO curated.game_id_mappings (
    source, external_game_id, game_id, league_id, match_method, confidence
)
SELECT id_source, external_game_id, game_id, league_id, match_method,
    CASE match_method WHEN 'source_id' THEN 1 ELSE 0.9 END
FROM event
WHERE game_id IS NOT NULL
ON CONFLICT (source, external_game_id) DO NOTHING;

UPDATE description AS d
SET game_id = m.game_id
FROM curated.game_id_mappings AS m
WHERE m.source = d.id_source AND m.external_game_id = d.external_game_id
  AND d.home_team_id IS NOT NULL;

-- What cannot be resolved is kept too; the source of its id stands among the errors.
INSERT INTO staging.games (
    external_game_id, source, game_id, game_date, collected_at, home_team_name, away_team_name,
    home_team_id, away_team_id, scheduled_start_at, game_number, status, venue_name, home_score,
    away_score, data_quality_score, validation_status, validation_errors
)
SELECT external_game_id, source, game_id, game_date, collected_at, home_name, away_name,
    home_team_id, away_team_id, start_at, coalesce(game_number, 1), status, venue_name, home_score,
    away_score,
    1 - CASE WHEN start_at IS NULL THEN 0.2 ELSE 0 END
      - CASE WHEN venue_name IS NULL THEN 0.1 ELSE 0 END
      - CASE WHEN game_id IS NULL THEN 0.7 ELSE 0 END,
    CASE WHEN game_id IS NULL THEN 'invalid' ELSE 'valid' END,
    CASE WHEN game_id IS NULL THEN jsonb_build_array(
        id_source, CASE WHEN home_team_id IS NULL THEN 'unknown_team' ELSE 'unknown_date' END
    ) END
FROM description
WHERE NOT is_stored
ON CONFLICT (external_game_id, source, collected_at) DO NOTHING;

UPDATE staging.games AS stored
SET game_id = d.game_id, game_date = d.game_date, home_team_id = d.home_team_id,
    away_team_id = d.away_team_id, validation_status = 'valid', validation_errors = NULL,
    data_quality_score = stored.data_quality_score + 0.7, updated_at = now()
FROM description AS d
WHERE d.is_stored AND d.game_id IS NOT NULL
  AND stored.external_game_id = d.external_game_id AND stored.source = d.source
  AND stored.collected_at = d.collected_at;
