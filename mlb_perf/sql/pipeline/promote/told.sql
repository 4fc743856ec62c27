-- What raw rows say of their games; half a score is none.
told AS (
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
          AND {recent}
          AND hashtext(r.external_game_id) BETWEEN {first} AND {last}
        OFFSET 0  -- else each use of a column would take the payload apart again
    ) AS given (
        source, id_source, external_game_id, collected_at, home_name, away_name, start_at,
        game_date, game_number, status, abstract_status, venue_name, home_score, away_score,
        first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher, league
    )
)
