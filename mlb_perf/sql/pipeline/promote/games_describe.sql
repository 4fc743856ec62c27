-- What the rows that are to be promoted say of their games, changes only: a
-- description that repeats the source's last one is left out, and one that comes
-- back to an earlier one is not. Half a score is none.
INSERT INTO description (
    source, id_source, external_game_id, collected_at, home_name, away_name, start_at, game_date,
    game_number, status, venue_name, home_score, away_score, first_pitch_at, moved_from_at,
    game_type, home_pitcher, away_pitcher, league
)
WITH told AS (
    SELECT coalesce(left(source, 32), 'unknown') AS source, id_source, external_game_id,
        collected_at, coalesce(left(btrim(home_name), 96), '') AS home_name,
        coalesce(left(btrim(away_name), 96), '') AS away_name,
        start_at, game_date,
        CASE WHEN game_number >= 1 THEN game_number END AS game_number,
        pg_temp.as_status(status, abstract_status) AS status,
        nullif(left(btrim(venue_name), 96), '') AS venue_name,
        CASE WHEN away_score IS NOT NULL THEN home_score END AS home_score,
        CASE WHEN home_score IS NOT NULL THEN away_score END AS away_score,
        CASE WHEN first_pitch_at BETWEEN start_at - interval '2 days'
                AND start_at + interval '2 days'
            THEN first_pitch_at END AS first_pitch_at,
        moved_from_at, pg_temp.as_game_type(game_type) AS game_type,
        nullif(left(btrim(home_pitcher), 96), '') AS home_pitcher,
        nullif(left(btrim(away_pitcher), 96), '') AS away_pitcher,
        pg_temp.league_code(league) AS league
    FROM (
{select}
          AND hashtext(r.external_game_id) BETWEEN {first} AND {last}
        OFFSET 0  -- else each use of a column would take the payload apart again
    ) AS given (
        source, id_source, external_game_id, collected_at, home_name, away_name, start_at,
        game_date, game_number, status, abstract_status, venue_name, home_score, away_score,
        first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher, league
    )
),
compared AS (
    SELECT told.*, row_number() OVER since AS place,
        (home_name, away_name, start_at, game_date, status, venue_name, home_score, away_score,
         first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher)
        IS DISTINCT FROM (
            lag(home_name) OVER since, lag(away_name) OVER since, lag(start_at) OVER since,
            lag(game_date) OVER since, lag(status) OVER since, lag(venue_name) OVER since,
            lag(home_score) OVER since, lag(away_score) OVER since,
            lag(first_pitch_at) OVER since, lag(moved_from_at) OVER since,
            lag(game_type) OVER since, lag(home_pitcher) OVER since, lag(away_pitcher) OVER since
        ) AS is_change
    FROM told
    WINDOW since AS (PARTITION BY source, external_game_id ORDER BY collected_at)
)
SELECT c.source, c.id_source, c.external_game_id, c.collected_at, c.home_name, c.away_name,
    c.start_at, c.game_date, c.game_number, c.status, c.venue_name, c.home_score, c.away_score,
    c.first_pitch_at, c.moved_from_at, c.game_type, c.home_pitcher, c.away_pitcher, c.league
FROM compared AS c
LEFT JOIN LATERAL (
    SELECT s.* FROM staging.games AS s
    WHERE s.external_game_id = c.external_game_id AND s.source = c.source
      AND s.collected_at <= c.collected_at
    ORDER BY s.collected_at DESC
    LIMIT 1
) AS last ON c.place = 1
WHERE c.is_change
  AND (
    last.source IS NULL
    OR (c.home_name, c.away_name, c.start_at, c.status, c.venue_name, c.home_score, c.away_score,
        c.first_pitch_at, c.moved_from_at, c.game_type, c.home_pitcher, c.away_pitcher)
       IS DISTINCT FROM (last.home_team_name, last.away_team_name, last.scheduled_start_at,
           last.status, last.venue_name, last.home_score, last.away_score, last.first_pitch_at,
           last.moved_from_at, last.game_type, last.home_starting_pitcher,
           last.away_starting_pitcher)
    OR c.game_date <> last.game_date  -- the stored one may have been derived from the start
  )
