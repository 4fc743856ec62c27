-- Games that could not be resolved before: an alias may be there now. The source of their ids
-- stands first among their errors, their league third.
INSERT INTO description (
    source, id_source, external_game_id, collected_at, home_name, away_name, start_at, game_date,
    game_number, status, venue_name, home_score, away_score, league, is_stored
)
SELECT source, validation_errors ->> 0, external_game_id, collected_at, home_team_name,
    away_team_name, scheduled_start_at, game_date, game_number, status, venue_name, home_score,
    away_score, validation_errors ->> 2, true
FROM staging.games
WHERE game_id IS NULL
  AND hashtext(external_game_id) BETWEEN {first} AND {last}
