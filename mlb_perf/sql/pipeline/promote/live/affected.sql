-- The games whose analysis follows from the batch: a path that opened, a move, or,
-- after the start, anything from before it. Their changes of line are counted on:
-- both sides of a market that move at once are one change.
INSERT INTO promoted_game (game_id, game_date, start_at, has_moved)
SELECT g.game_id, g.game_date, g.start_at, false
FROM live_game AS g
WHERE EXISTS (
        SELECT FROM appended AS a
        WHERE a.game_id = g.game_id AND a.is_new AND NOT a.is_in_play
    )
   OR g.start_at <= now() AND (
        EXISTS (SELECT FROM appended AS a WHERE a.game_id = g.game_id AND NOT a.is_in_play)
        OR EXISTS (
            SELECT FROM staged_split AS s
            WHERE s.game_id = g.game_id AND s.collected_at < g.start_at
        )
        OR EXISTS (SELECT FROM staging.closing_queue AS q WHERE q.game_id = g.game_id)
    );

INSERT INTO movement_total
SELECT g.game_id, market.market_type,
    coalesce(old.movement_count, 0) + coalesce(added.movement_count, 0)
FROM promoted_game AS g
CROSS JOIN (VALUES ('moneyline'), ('spread'), ('total')) AS market (market_type)
LEFT JOIN curated.ml_market_analysis AS old
  ON old.game_id = g.game_id AND old.game_date = g.game_date
 AND old.market_type = market.market_type
LEFT JOIN (
    SELECT a.game_id, a.market_type,
        count(DISTINCT (a.sportsbook_id, a.source, a.first_seen_at)) AS movement_count
    FROM appended AS a
    WHERE a.is_new AND NOT a.is_in_play AND a.price_before IS NOT NULL
      AND NOT EXISTS (  -- counted when the other side moved
        SELECT FROM curated.line_movements AS m
        WHERE m.game_id = a.game_id AND m.game_date = a.game_date
          AND m.sportsbook_id = a.sportsbook_id AND m.market_type = a.market_type
          AND m.side = CASE a.side WHEN 'home' THEN 'away' WHEN 'away' THEN 'home'
                WHEN 'over' THEN 'under' ELSE 'over' END
          AND m.source = a.source AND m.moved_at = a.first_seen_at
          AND NOT EXISTS (
            SELECT FROM appended AS b
            WHERE b.is_new AND b.game_id = m.game_id AND b.sportsbook_id = m.sportsbook_id
              AND b.market_type = m.market_type AND b.side = m.side AND b.source = m.source
              AND b.first_seen_at = m.moved_at
          )
      )
    GROUP BY a.game_id, a.market_type
) AS added ON added.game_id = g.game_id AND added.market_type = market.market_type
