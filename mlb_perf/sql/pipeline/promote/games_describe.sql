-- Descriptions of games that staging.games has not seen, one for each
-- different content, read from the rows that are to be promoted.
INSERT INTO description (
    source, id_source, external_game_id, collected_at, home_name, away_name, start_at, game_date,
    game_number, status, venue_name, home_score, away_score
)
SELECT DISTINCT ON (source, external_game_id, home_name, away_name, start_at, game_date,
        game_number, status, venue_name, home_score, away_score)
    source, id_source, external_game_id, collected_at, home_name, away_name, start_at, game_date,
    game_number, status, venue_name, home_score, away_score
FROM (
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
) AS told
WHERE NOT EXISTS (
    SELECT FROM staging.games AS stored
    WHERE stored.external_game_id = told.external_game_id
      AND stored.source = told.source
      AND stored.home_team_name = told.home_name
      AND stored.away_team_name = told.away_name
      AND stored.scheduled_start_at IS NOT DISTINCT FROM told.start_at
      AND (told.game_date IS NULL OR stored.game_date IS NULL OR stored.game_date = told.game_date)
      AND stored.status = told.status
      AND stored.venue_name IS NOT DISTINCT FROM told.venue_name
      AND stored.home_score IS NOT DISTINCT FROM told.home_score
      AND stored.away_score IS NOT DISTINCT FROM told.away_score
)
ORDER BY source, external_game_id, home_name, away_name, start_at, game_date, game_number, status,
    venue_name, home_score, away_score, collected_at
