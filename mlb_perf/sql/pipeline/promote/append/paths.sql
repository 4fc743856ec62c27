-- The paths of the games, from the index of their opening lines.
INSERT INTO path
SELECT l.game_id, l.game_date, l.market_type, l.sportsbook_id, l.side, l.source
FROM live_game AS g
JOIN {stored_lines} AS l
  ON l.game_date = g.game_date AND l.game_id = g.game_id AND l.is_opening
WHERE l.game_date BETWEEN {first_date} AND {last_date}
  AND (
    EXISTS (SELECT 1 FROM appended AS a WHERE a.game_id = g.game_id AND NOT a.is_in_play)
    OR EXISTS (SELECT 1 FROM staged_split AS s WHERE s.game_id = g.game_id)
  )
