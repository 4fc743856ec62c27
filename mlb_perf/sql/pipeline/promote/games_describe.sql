-- The changes that are not stored: a first one that repeats the source's last one is left out.
INSERT INTO description (
    source, id_source, external_game_id, collected_at, home_name, away_name, start_at, game_date,
    game_number, status, venue_name, home_score, away_score, first_pitch_at, moved_from_at,
    game_type, home_pitcher, away_pitcher, league
)
SELECT c.source, c.id_source, c.external_game_id, c.collected_at, c.home_name, c.away_name,
    c.start_at, c.game_date, c.game_number, c.status, c.venue_name, c.home_score, c.away_score,
    c.first_pitch_at, c.moved_from_at, c.game_type, c.home_pitcher, c.away_pitcher, c.league
FROM told_change AS c
{differs}
  AND c.is_change AND c.raw_table = '{table}' AND hashtext(c.external_game_id) BETWEEN {first} AND {last}
