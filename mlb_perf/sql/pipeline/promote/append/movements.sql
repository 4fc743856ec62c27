-- Each new line before the start that follows another is a move. It may complete a
-- steam move: the moves of its side within {steam_minutes} minutes after it are
-- judged again, and none is looked at beyond that. So are the moves after splits
-- that are new. The rules are those of curate_movements.sql.
WITH added AS (
    SELECT game_id, game_date, sportsbook_id, source, market_type, side,
        first_seen_at AS moved_at, line_before, line_value AS line_after, price_before,
        price AS price_after, round(1 / decimal_price - 1 / decimal_before, 8) AS probability_change
    FROM appended
    WHERE is_new AND NOT is_in_play AND price_before IS NOT NULL
),
span AS (
    SELECT game_id, market_type, side, min(low) AS low,
        max(high) + interval '{steam_minutes} minutes' AS high
    FROM (
        SELECT game_id, market_type, side, moved_at AS low, moved_at AS high
        FROM added
        UNION ALL
        SELECT s.game_id, s.market_type, side, s.collected_at, 'infinity'
        FROM staged_split AS s
        JOIN live_game USING (game_id)
        CROSS JOIN unnest(ARRAY['home', 'away', 'over', 'under']) AS side
    ) AS touched
    GROUP BY game_id, market_type, side
),
near AS (
    SELECT m.*
    FROM span
    JOIN live_game AS g USING (game_id)
    CROSS JOIN LATERAL (
        SELECT m.game_id, m.game_date, m.sportsbook_id, m.source, m.market_type, m.side, m.moved_at,
            m.line_before, m.line_after, m.price_before, m.price_after, m.probability_change
        FROM {stored_movements} AS m
        WHERE m.game_id = g.game_id AND m.game_date = g.game_date
          AND m.market_type = span.market_type AND m.side = span.side
          AND m.moved_at > span.low - interval '{steam_minutes} minutes'
          AND m.moved_at < span.high
        OFFSET 0  -- one range of the primary key for each side
    ) AS m
),
move AS MATERIALIZED (
    SELECT every.*,
        pg_temp.towards(
            every.market_type, every.side, line_before, line_after, probability_change
        ) AS towards,
        moved_at >= span.low AS is_judged
    FROM (SELECT * FROM added UNION ALL SELECT * FROM near) AS every
    JOIN span USING (game_id, market_type, side)
),
strong AS (
    INSERT INTO strong_move
    SELECT game_id, market_type, side, sign(towards)::integer, moved_at, sportsbook_id
    FROM move
    WHERE abs(towards) >= {steam_change}
)
INSERT INTO moved
SELECT game_id, game_date, sportsbook_id, source, market_type, side, moved_at, line_before,
    line_after, price_before, price_after, probability_change, towards, sign(towards)::integer
FROM move
WHERE is_judged;

WITH RECURSIVE together AS MATERIALIZED (  -- the moves of a poll share their moment: once for each
    SELECT game_id, market_type, side, direction, moved_at, count(*) AS books_moved
    FROM (
        SELECT DISTINCT at.*, strong.sportsbook_id
        FROM (SELECT DISTINCT game_id, market_type, side, direction, moved_at FROM moved) AS at
        JOIN strong_move AS strong USING (game_id, market_type, side, direction)
        WHERE strong.moved_at > at.moved_at - interval '{steam_minutes} minutes'
          AND strong.moved_at <= at.moved_at
    ) AS moved_book
    GROUP BY game_id, market_type, side, direction, moved_at
),
speaker AS (  -- who tells splits of the games: the primary key, from one to the next
    SELECT g.game_id, g.game_date, next.*
    FROM live_game AS g
    CROSS JOIN LATERAL (
        SELECT s.sportsbook_id, s.market_type, s.source
        FROM {stored_splits} AS s
        WHERE s.game_id = g.game_id AND s.game_date = g.game_date
          AND s.game_date BETWEEN {first_date} AND {last_date}
        ORDER BY s.sportsbook_id, s.market_type, s.source
        LIMIT 1
    ) AS next
    UNION ALL
    SELECT p.game_id, p.game_date, next.*
    FROM speaker AS p
    CROSS JOIN LATERAL (
        SELECT s.sportsbook_id, s.market_type, s.source
        FROM {stored_splits} AS s
        WHERE s.game_id = p.game_id AND s.game_date = p.game_date
          AND s.game_date BETWEEN {first_date} AND {last_date}
          AND (s.sportsbook_id, s.market_type, s.source)
            > (p.sportsbook_id, p.market_type, p.source)
        ORDER BY s.sportsbook_id, s.market_type, s.source
        LIMIT 1
    ) AS next
),
counted AS (
    SELECT judged.*, coalesce(together.books_moved, 1) AS books_moved, split.bets_percent
    FROM moved AS judged
    LEFT JOIN together USING (game_id, market_type, side, direction, moved_at)
    LEFT JOIN LATERAL (
        SELECT CASE WHEN judged.side IN ('home', 'over') THEN last.home_or_over_bets_percent
                ELSE last.away_or_under_bets_percent END AS bets_percent
        FROM speaker
        CROSS JOIN LATERAL (
            SELECT s.*
            FROM {stored_splits} AS s
            WHERE s.game_id = speaker.game_id AND s.game_date = speaker.game_date
              AND s.game_date BETWEEN {first_date} AND {last_date}
              AND s.sportsbook_id = speaker.sportsbook_id
              AND s.market_type = speaker.market_type AND s.source = speaker.source
              AND s.collected_at <= judged.moved_at
            ORDER BY s.collected_at DESC
            LIMIT 1
        ) AS last
        WHERE speaker.game_id = judged.game_id AND speaker.market_type = judged.market_type
        ORDER BY last.collected_at DESC, last.sportsbook_id, last.source
        LIMIT 1
    ) AS split ON true
)
INSERT INTO curated.line_movements AS old (
    game_id, game_date, sportsbook_id, source, market_type, side, moved_at, line_before,
    line_after, price_before, price_after, probability_change, books_moved, bets_percent,
    is_steam_move, is_reverse_line_movement
)
SELECT game_id, game_date, sportsbook_id, source, market_type, side, moved_at, line_before,
    line_after, price_before, price_after, probability_change, books_moved, bets_percent,
    books_moved >= {steam_books} AND abs(towards) >= {steam_change},
    coalesce(towards > 0 AND bets_percent <= {reverse_percent}, false)
FROM counted
ON CONFLICT (game_id, game_date, sportsbook_id, market_type, side, source, moved_at)
DO UPDATE SET
    books_moved = excluded.books_moved, bets_percent = excluded.bets_percent,
    is_steam_move = excluded.is_steam_move,
    is_reverse_line_movement = excluded.is_reverse_line_movement
WHERE (old.books_moved, old.bets_percent, old.is_steam_move, old.is_reverse_line_movement)
    IS DISTINCT FROM
      (excluded.books_moved, excluded.bets_percent, excluded.is_steam_move,
       excluded.is_reverse_line_movement)
