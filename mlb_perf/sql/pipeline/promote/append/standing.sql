-- The newest line of each path of the batch: one probe of the primary key each. It takes all lines of
-- the path that are on the index page, hundreds after a week, so those of the last hour are looked at first.
INSERT INTO standing
SELECT told.game_id, told.sportsbook_id, told.source, told.market_type, told.side,
    l.line_value, l.price, l.decimal_price, l.first_seen_at, l.last_seen_at, l.is_in_play,
    l.data_quality_score
FROM (
    SELECT q.game_id, g.game_date, q.sportsbook_id, q.source, q.market_type, q.side,
        min(q.collected_at) - interval '1 hour' AS recent
    FROM staged_quote AS q
    JOIN live_game AS g USING (game_id)
    GROUP BY q.game_id, g.game_date, q.sportsbook_id, q.source, q.market_type, q.side
) AS told
CROSS JOIN LATERAL (
    (SELECT *
     FROM {stored_lines} AS l
     WHERE l.game_id = told.game_id AND l.game_date = told.game_date
       AND l.game_date BETWEEN {first_date} AND {last_date}
       AND l.sportsbook_id = told.sportsbook_id AND l.market_type = told.market_type
       AND l.side = told.side AND l.source = told.source AND l.first_seen_at > told.recent
     ORDER BY l.first_seen_at DESC
     LIMIT 1)
    UNION ALL
    (SELECT *
     FROM {stored_lines} AS l
     WHERE l.game_id = told.game_id AND l.game_date = told.game_date
       AND l.game_date BETWEEN {first_date} AND {last_date}
       AND l.sportsbook_id = told.sportsbook_id AND l.market_type = told.market_type
       AND l.side = told.side AND l.source = told.source
     ORDER BY l.first_seen_at DESC
     LIMIT 1)
    LIMIT 1  -- both give the same line, if the first one gives any
) AS l;

-- A path with a quote that is not newer is left to the queue, and made again as a whole.
INSERT INTO late_path
SELECT DISTINCT q.game_id, q.sportsbook_id, q.source, q.market_type, q.side
FROM staged_quote AS q
JOIN standing AS s USING (game_id, sportsbook_id, source, market_type, side)
WHERE q.collected_at <= s.last_seen_at;

DELETE FROM staged_quote AS q
USING late_path AS p
WHERE p.game_id = q.game_id AND p.sportsbook_id = q.sportsbook_id AND p.source = q.source
  AND p.market_type = q.market_type AND p.side = q.side;

DELETE FROM standing AS s
USING late_path AS p
WHERE p.game_id = s.game_id AND p.sportsbook_id = s.sportsbook_id AND p.source = s.source
  AND p.market_type = s.market_type AND p.side = s.side;

-- A game with quotes whose moment is not told, which follows from the start, leaves, and
-- all of its paths are made again.
DELETE FROM live_game AS g
USING staged_quote AS q
WHERE q.game_id = g.game_id AND q.is_undated
