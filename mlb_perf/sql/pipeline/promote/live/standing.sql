-- The newest line of each path of the batch: one probe of the primary key each.
-- A game with a quote that is not newer leaves, and its whole path is made again.
INSERT INTO standing
SELECT told.game_id, told.sportsbook_id, told.source, told.market_type, told.side,
    l.line_value, l.price, l.decimal_price, l.first_seen_at, l.last_seen_at, l.is_in_play,
    l.data_quality_score
FROM (
    SELECT DISTINCT q.game_id, g.game_date, q.sportsbook_id, q.source, q.market_type, q.side
    FROM staged_quote AS q
    JOIN live_game AS g USING (game_id)
) AS told
CROSS JOIN LATERAL (
    SELECT *
    FROM curated.betting_lines_unified AS l
    WHERE l.game_id = told.game_id AND l.game_date = told.game_date
      AND l.game_date BETWEEN {first_date} AND {last_date}
      AND l.sportsbook_id = told.sportsbook_id AND l.market_type = told.market_type
      AND l.side = told.side AND l.source = told.source
    ORDER BY l.first_seen_at DESC
    LIMIT 1
) AS l;

DELETE FROM live_game AS g
USING staged_quote AS q, standing AS s
WHERE q.game_id = g.game_id AND s.game_id = q.game_id AND s.sportsbook_id = q.sportsbook_id
  AND s.source = q.source AND s.market_type = q.market_type AND s.side = q.side
  AND q.collected_at <= s.last_seen_at;

-- So does one with quotes whose moment is not told: it follows from the start.
DELETE FROM live_game AS g
USING staged_quote AS q
WHERE q.game_id = g.game_id AND q.is_undated
