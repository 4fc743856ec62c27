-- The paths by their opening lines, and of each the newest line: its cost does not grow with the
-- lines of a path, as that of board_as_of does. A path that begins after the start has no opening.
SELECT path.market_type, path.sportsbook_id, path.side, path.source, l.line_value, l.price,
    l.decimal_price, l.first_seen_at, l.last_seen_at
FROM curated.betting_lines_unified AS path
CROSS JOIN LATERAL (
    SELECT line_value, price, decimal_price, first_seen_at, last_seen_at
    FROM curated.betting_lines_unified
    WHERE game_id = CAST(:game_id AS bigint)  -- not path.game_id: Citus asks one shard so
      AND game_date = CAST(:game_date AS date)
      AND market_type = path.market_type
      AND sportsbook_id = path.sportsbook_id
      AND side = path.side
      AND source = path.source
    ORDER BY first_seen_at DESC
    LIMIT 1
) AS l
WHERE path.game_id = CAST(:game_id AS bigint)
  AND path.game_date = CAST(:game_date AS date)
  AND path.is_opening
ORDER BY path.market_type, path.sportsbook_id, path.side, path.source
