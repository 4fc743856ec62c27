-- The description that is stored of a game as of a moment, where it says something else, or none is.
LEFT JOIN LATERAL (
    SELECT s.* FROM {descriptions} AS s
    WHERE s.external_game_id = c.external_game_id AND s.source = c.source
      AND s.collected_at <= c.collected_at
    ORDER BY s.collected_at DESC
    LIMIT 1
) AS last ON {compared}
WHERE (
    last.source IS NULL
    OR (c.home_name, c.away_name, c.start_at, c.status, c.venue_name, c.home_score, c.away_score,
        c.first_pitch_at, c.moved_from_at, c.game_type, c.home_pitcher, c.away_pitcher)
       IS DISTINCT FROM (last.home_team_name, last.away_team_name, last.scheduled_start_at,
           last.status, last.venue_name, last.home_score, last.away_score, last.first_pitch_at,
           last.moved_from_at, last.game_type, last.home_starting_pitcher,
           last.away_starting_pitcher)
    OR c.game_date <> last.game_date  -- the stored one may have been derived from the start
  )
