-- Which teams the descriptions mean, and on which day they play; then the games that no mapping
-- knows, each once, as they were described last.
WITH spelling AS (
    SELECT DISTINCT source, id_source, league, name
    FROM description
    CROSS JOIN LATERAL (VALUES (home_name), (away_name)) AS names (name)
),
folded AS MATERIALIZED (
    SELECT pg_temp.folded(a.alias) AS alias, a.source, a.team_id, a.league_id, l.code
    FROM {team_aliases} AS a
    JOIN {leagues} AS l USING (league_id)
),
meant AS (  -- the feed's own spelling first, then the source's of its ids, then any source's
    SELECT DISTINCT ON (s.source, s.id_source, s.league, s.name, alias.league_id)
        s.source, s.id_source, s.league, s.name, alias.team_id, alias.league_id
    FROM spelling AS s
    JOIN folded AS alias
      ON alias.alias IN (pg_temp.folded(s.name), pg_temp.team_name(s.name))
     AND alias.source IN (s.source, s.id_source, 'any')
     -- The two sides of the all-star game are in the feeds of the league.
     AND (s.league IS NULL OR alias.code = s.league OR (s.league = 'MLB' AND alias.code = 'ASG'))
    ORDER BY s.source, s.id_source, s.league, s.name, alias.league_id,
        alias.source = s.source DESC, alias.source = s.id_source DESC
),
told AS (
    SELECT DISTINCT source, id_source, league, home_name, away_name FROM description
),
pair AS (  -- both teams in one league; a pair of names that two leagues have is ambiguous
    SELECT told.*, count(*) AS leagues, min(home.league_id) AS league_id,
        min(home.team_id) AS home_team_id, min(away.team_id) AS away_team_id
    FROM told
    JOIN meant AS home
      ON home.name = told.home_name AND home.source = told.source
     AND home.id_source = told.id_source AND home.league IS NOT DISTINCT FROM told.league
    JOIN meant AS away
      ON away.name = told.away_name AND away.source = told.source
     AND away.id_source = told.id_source AND away.league IS NOT DISTINCT FROM told.league
     AND away.league_id = home.league_id AND away.team_id <> home.team_id
    GROUP BY told.source, told.id_source, told.league, told.home_name, told.away_name
)
UPDATE description AS d
SET home_team_id = CASE WHEN pair.leagues = 1 THEN pair.home_team_id END,
    away_team_id = CASE WHEN pair.leagues = 1 THEN pair.away_team_id END,
    league_id = CASE WHEN pair.leagues = 1 THEN pair.league_id END,
    fault = CASE WHEN pair.leagues > 1 THEN 'ambiguous_team' END
FROM pair
WHERE pair.home_name = d.home_name AND pair.away_name = d.away_name AND pair.source = d.source
  AND pair.id_source = d.id_source AND pair.league IS NOT DISTINCT FROM d.league;

-- Starts, dates, numbers and scores that no game of the league can have.
WITH judged AS (
    SELECT d.ctid AS place,
        (least(d.start_at, d.game_date) < make_date(l.first_season, 1, 1)
            OR greatest(d.start_at, d.game_date) > now() + make_interval(years => l.years_ahead)
        ) IS NOT TRUE AS is_possible,
        (d.game_number > l.games_a_day) IS NOT TRUE AS is_number,
        (greatest(d.home_score, d.away_score) > l.largest_score) IS NOT TRUE AS is_score
    FROM description AS d
    JOIN {leagues} AS l USING (league_id)
)
UPDATE description AS d
SET start_at = CASE WHEN judged.is_possible THEN d.start_at END,
    game_date = CASE WHEN judged.is_possible THEN d.game_date END,
    fault = CASE WHEN judged.is_possible THEN d.fault ELSE 'bad_time' END,
    game_number = CASE WHEN judged.is_number THEN d.game_number END,
    home_score = CASE WHEN judged.is_score THEN d.home_score END,
    away_score = CASE WHEN judged.is_score THEN d.away_score END
FROM judged
WHERE judged.place = d.ctid
  AND NOT (judged.is_possible AND judged.is_number AND judged.is_score);

-- The official date is the start's in the home park's time zone, unless the schedule says it.
UPDATE description AS d
SET game_date = coalesce(
    (d.start_at AT TIME ZONE coalesce(venue.time_zone, 'America/New_York'))::date, d.game_date
)
FROM {teams} AS team
LEFT JOIN {venues} AS venue ON venue.venue_id = team.home_venue_id
WHERE team.team_id = d.home_team_id AND (d.game_date IS NULL OR d.start_at IS NOT NULL)
  AND (d.source <> 'mlb_stats_api' OR d.game_date IS NULL);

INSERT INTO event (
    id_source, external_game_id, league_id, home_team_id, away_team_id, start_at, game_date,
    game_number, first_at, is_schedule
)
SELECT DISTINCT ON (id_source, external_game_id)
    id_source, external_game_id, league_id, home_team_id, away_team_id, start_at, game_date,
    game_number, min(collected_at) OVER (PARTITION BY id_source, external_game_id), id_source IN ('mlb_stats_api', 'retrosheet')
FROM description AS d
WHERE home_team_id IS NOT NULL AND game_date IS NOT NULL
  AND NOT EXISTS (
    SELECT 1 FROM curated.game_id_mappings AS m
    WHERE m.source = d.id_source AND m.external_game_id = d.external_game_id
  )
ORDER BY id_source, external_game_id, moved_from_at DESC NULLS LAST, start_at IS NULL,
    collected_at DESC;
