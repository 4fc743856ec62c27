-- Games that no source has named: those of one source for two teams on a day, so that the others'
-- ids of that day find them. Ids that start within two hours of each other are one game, unless a
-- schedule has them.
WITH maker AS (
    SELECT e.*,
        first_value(id_source) OVER (
            PARTITION BY least(home_team_id, away_team_id), greatest(home_team_id, away_team_id),
                game_date
            ORDER BY is_schedule DESC, id_source
        ) AS maker,
        start_at - lag(start_at) OVER (
            PARTITION BY id_source, home_team_id, away_team_id, game_date
            ORDER BY start_at, external_game_id
        ) AS since
    FROM event AS e
    WHERE game_id IS NULL
)
UPDATE event AS e
SET game_id = nextval('curated.enhanced_games_game_id_seq'), match_method = 'source_id'
FROM maker
WHERE maker.id_source = maker.maker
  AND (maker.is_schedule OR maker.since IS NULL OR maker.since > interval '2 hours')
  AND maker.id_source = e.id_source AND maker.external_game_id = e.external_game_id;

INSERT INTO curated.enhanced_games (
    game_id, league_id, season, game_pk, game_date, game_number, original_start_at,
    scheduled_start_at, home_team_id, away_team_id
)
SELECT e.game_id, e.league_id,
    extract(year FROM e.game_date - make_interval(months => league.season_month - 1))::integer,
    CASE WHEN e.id_source = 'mlb_stats_api' AND e.external_game_id ~ '^[0-9]{1,18}$'
        THEN e.external_game_id::bigint END,
    e.game_date,
    coalesce(e.game_number, least(league.games_a_day, (
        SELECT count(*) FROM curated.enhanced_games AS g
        WHERE g.home_team_id = e.home_team_id AND g.away_team_id = e.away_team_id
          AND g.game_date = e.game_date
    ) + row_number() OVER (
        PARTITION BY e.home_team_id, e.away_team_id, e.game_date
        ORDER BY e.start_at, e.external_game_id
    ))::integer),
    e.start_at, e.start_at, e.home_team_id, e.away_team_id
FROM event AS e
JOIN curated.leagues AS league ON league.league_id = e.league_id
WHERE e.match_method = 'source_id'
  AND NOT EXISTS (SELECT 1 FROM curated.enhanced_games AS g WHERE g.game_id = e.game_id);
