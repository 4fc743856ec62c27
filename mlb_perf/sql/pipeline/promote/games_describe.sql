-- What the rows that are to be promoted say of their games, changes only: a
-- description that repeats the source's last one is left out, and one that comes
-- back to an earlier one is not.
INSERT INTO description (
    source, id_source, external_game_id, collected_at, home_name, away_name, start_at, game_date,
    game_number, status, venue_name, home_score, away_score
)
WITH told AS (
    SELECT coalesce(left(source, 32), 'unknown') AS source, id_source, external_game_id,
        collected_at, coalesce(left(btrim(home_name), 96), '') AS home_name,
        coalesce(left(btrim(away_name), 96), '') AS away_name, start_at, game_date,
        CASE WHEN game_number BETWEEN 1 AND 3 THEN game_number END AS game_number,
        pg_temp.as_status(status) AS status, nullif(left(btrim(venue_name), 96), '') AS venue_name,
        CASE WHEN home_score >= 0 THEN home_score END AS home_score,
        CASE WHEN away_score >= 0 THEN away_score END AS away_score
    FROM (
{select}
    ) AS given (
        source, id_source, external_game_id, collected_at, home_name, away_name, start_at,
        game_date, game_number, status, venue_name, home_score, away_score
    )
),
compared AS (
    SELECT told.*, row_number() OVER since AS place,
        (home_name, away_name, start_at, game_date, status, venue_name, home_score, away_score)
        IS DISTINCT FROM (
            lag(home_name) OVER since, lag(away_name) OVER since, lag(start_at) OVER since,
            lag(game_date) OVER since, lag(status) OVER since, lag(venue_name) OVER since,
            lag(home_score) OVER since, lag(away_score) OVER since
        ) AS is_change
    FROM told
    WINDOW since AS (PARTITION BY source, external_game_id ORDER BY collected_at)
)
SELECT c.source, c.id_source, c.external_game_id, c.collected_at, c.home_name, c.away_name,
    c.start_at, c.game_date, c.game_number, c.status, c.venue_name, c.home_score, c.away_score
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
    OR (c.home_name, c.away_name, c.start_at, c.status, c.venue_name, c.home_score, c.away_score)
       IS DISTINCT FROM (last.home_team_name, last.away_team_name, last.scheduled_start_at,
           last.status, last.venue_name, last.home_score, last.away_score)
    OR c.game_date <> last.game_date  -- the stored one may have been derived from the start
  )
