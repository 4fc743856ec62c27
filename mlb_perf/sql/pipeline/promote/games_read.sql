-- What rows say of their games; a description that comes back to an earlier one is a change.
INSERT INTO told_change (
    raw_table, place, is_change, source, id_source, external_game_id, collected_at,
    home_name, away_name, start_at, game_date, game_number, status, venue_name, home_score,
    away_score, first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher, league
)
WITH {told},
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
SELECT '{table}', place, is_change, source, id_source, external_game_id, collected_at,
    home_name, away_name, start_at, game_date, game_number, status, venue_name, home_score,
    away_score, first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher, league
FROM compared
WHERE {kept}
