-- The games whose analysis follows from the batch: a path that opened, a move, or,
-- after the start, anything from before it. Their changes of line are counted on:
-- both sides of a market that move at once are one change.
INSERT INTO promoted_game (game_id, game_date, start_at, has_moved)
SELECT g.game_id, g.game_date, g.start_at, false
FROM live_game AS g
WHERE EXISTS (
        SELECT 1 FROM appended AS a
        WHERE a.game_id = g.game_id AND a.is_new AND NOT a.is_in_play
    )
   OR pg_temp.closes_at(g.start_at, g.game_date) <= now() AND (
        EXISTS (SELECT 1 FROM appended AS a WHERE a.game_id = g.game_id AND NOT a.is_in_play)
        OR EXISTS (
            SELECT 1 FROM staged_split AS s
            WHERE s.game_id = g.game_id AND s.collected_at < coalesce(g.start_at, 'infinity')
        )
        OR EXISTS (SELECT 1 FROM staging.closing_queue AS q WHERE q.game_id = g.game_id)
    );

INSERT INTO movement_total
WITH moment AS (
    SELECT game_id, game_date, market_type, sportsbook_id, source, first_seen_at AS moved_at,
        count(*) AS sides, min(side) AS side
    FROM appended
    WHERE is_new AND NOT is_in_play AND price_before IS NOT NULL
    GROUP BY game_id, game_date, market_type, sportsbook_id, source, first_seen_at
),
added AS (
    SELECT game_id, market_type, count(*) AS movement_count
    FROM moment
    -- One side alone: counted before, if the other one moved at the same moment. A
    -- subquery with LIMIT stays one probe of the primary key.
    WHERE sides = 2 OR (
        SELECT true
        FROM {stored_movements} AS m
        WHERE m.game_id = moment.game_id AND m.game_date = moment.game_date
          AND m.sportsbook_id = moment.sportsbook_id AND m.market_type = moment.market_type
          AND m.side = CASE moment.side WHEN 'home' THEN 'away' WHEN 'away' THEN 'home'
                WHEN 'over' THEN 'under' ELSE 'over' END
          AND m.source = moment.source AND m.moved_at = moment.moved_at
        LIMIT 1
    ) IS NULL
    GROUP BY game_id, market_type
)
SELECT g.game_id, market.market_type,
    coalesce(old.movement_count, 0) + coalesce(added.movement_count, 0)
FROM promoted_game AS g
CROSS JOIN (VALUES ('moneyline'), ('spread'), ('total')) AS market (market_type)
LEFT JOIN {stored_markets} AS old
  ON old.game_id = g.game_id AND old.game_date = g.game_date
 AND old.market_type = market.market_type
LEFT JOIN added ON added.game_id = g.game_id AND added.market_type = market.market_type
