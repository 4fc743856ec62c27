-- What rows say of their games; a description that comes back to an earlier one is a change.
INSERT INTO told_change (
    raw_table, place, is_change, source, id_source, external_game_id, collected_at,
    home_name, away_name, start_at, game_date, game_number, status, venue_name, home_score,
    away_score, first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher, league
)
WITH {told},
compared AS (
    SELECT told.*, row_number() OVER since AS place,
        said IS DISTINCT FROM lag(said) OVER since AS is_change
    FROM (
        SELECT told.*, ROW(
            home_name, away_name, start_at, game_date, status, venue_name, home_score, away_score,
            first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher
        ) AS said
        FROM told
    ) AS told
    WINDOW since AS (PARTITION BY source, external_game_id ORDER BY collected_at)
)
SELECT '{table}', place, is_change, source, id_source, external_game_id, collected_at,
    home_name, away_name, start_at, game_date, game_number, status, venue_name, home_score,
    away_score, first_pitch_at, moved_from_at, game_type, home_pitcher, away_pitcher, league
FROM compared
WHERE {kept}
