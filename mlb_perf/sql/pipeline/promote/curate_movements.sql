-- Each change of a line before the start. A steam move is one where, within
-- {steam_minutes} minutes up to it, {steam_books} books or more moved the side the
-- same way by {steam_change} of probability or more; a reverse line movement one
-- towards a side that had {reverse_percent} percent of the bets or less by then.
-- Only what was seen by then counts.
INSERT INTO movement (
    game_id, game_date, sportsbook_id, source, market_type, side, moved_at, line_before,
    line_after, price_before, price_after, probability_change, books_moved, bets_percent,
    is_steam_move, is_reverse_line_movement
)
WITH step AS (
    SELECT line.*, 1 / decimal_price AS probability,
        lag(line_value) OVER path AS line_before, lag(price) OVER path AS price_before,
        1 / lag(decimal_price) OVER path AS probability_before
    FROM line
    WHERE NOT is_in_play
    WINDOW path AS (
        PARTITION BY game_id, sportsbook_id, source, market_type, side ORDER BY first_seen_at
    )
),
move AS MATERIALIZED (
    SELECT judged.*, sign(towards)::integer AS direction
    FROM (
        SELECT step.*, round(probability - probability_before, 8) AS probability_change,
            pg_temp.towards(
                market_type, side, line_before, line_value,
                round(probability - probability_before, 8)
            ) AS towards,
            date_bin(
                greatest(interval '{steam_minutes} minutes', interval '1 second'), first_seen_at,
                '2000-01-01'
            ) AS period
        FROM step
        WHERE price_before IS NOT NULL
        OFFSET 0  -- once for each move
    ) AS judged
),
strong AS MATERIALIZED (  -- by its period and the next one: where a window lies that it is part of
    SELECT game_id, market_type, side, direction, first_seen_at, sportsbook_id,
        period + later AS period
    FROM move
    CROSS JOIN (
        VALUES (interval '0'), (greatest(interval '{steam_minutes} minutes', interval '1 second'))
    ) AS periods (later)
    WHERE abs(towards) >= {steam_change}
),
together AS (  -- a join that can be hashed
    SELECT game_id, market_type, side, direction, first_seen_at, count(*) AS books_moved
    FROM (
        SELECT DISTINCT at.*, strong.sportsbook_id
        FROM (
            SELECT DISTINCT game_id, market_type, side, direction, first_seen_at, period FROM move
        ) AS at
        JOIN strong USING (game_id, market_type, side, direction, period)
        WHERE strong.first_seen_at > at.first_seen_at - interval '{steam_minutes} minutes'
          AND strong.first_seen_at <= at.first_seen_at
    ) AS moved_book
    GROUP BY game_id, market_type, side, direction, first_seen_at
),
counted AS (
    SELECT move.*, coalesce(together.books_moved, 1) AS books_moved,
        (SELECT CASE WHEN move.side IN ('home', 'over') THEN s.home_or_over_bets_percent
                ELSE s.away_or_under_bets_percent END
         FROM {stored_splits} AS s
         WHERE s.game_id = move.game_id AND s.game_date = move.game_date
           AND s.market_type = move.market_type
           AND s.collected_at <= move.first_seen_at
         ORDER BY s.collected_at DESC, s.sportsbook_id, s.source LIMIT 1) AS bets_percent
    FROM move
    LEFT JOIN together USING (game_id, market_type, side, direction, first_seen_at)
)
SELECT game_id, game_date, sportsbook_id, source, market_type, side, first_seen_at, line_before,
    line_value, price_before, price, probability_change, books_moved, bets_percent,
    books_moved >= {steam_books} AND abs(towards) >= {steam_change},
    coalesce(towards > 0 AND bets_percent <= {reverse_percent}, false)
FROM counted;

-- Not NOT EXISTS: where the planner expects one row, that reads all of movement for each.
INSERT INTO stale_movement
SELECT old.game_id, old.game_date, old.sportsbook_id, old.market_type, old.side, old.source,
    old.moved_at
FROM {stored_movements} AS old
JOIN promoted_game AS g ON old.game_id = g.game_id AND old.game_date = g.game_date
EXCEPT
SELECT game_id, game_date, sportsbook_id, market_type, side, source, moved_at
FROM movement;

-- Without statistics the planner may read the whole table for a few rows.
ANALYZE stale_movement;

DELETE FROM curated.line_movements AS old
USING stale_movement AS s
WHERE old.game_id = s.game_id AND old.game_date = s.game_date
  AND old.sportsbook_id = s.sportsbook_id AND old.market_type = s.market_type
  AND old.side = s.side AND old.source = s.source AND old.moved_at = s.moved_at;

INSERT INTO curated.line_movements AS old (
    game_id, game_date, sportsbook_id, source, market_type, side, moved_at, line_before,
    line_after, price_before, price_after, probability_change, books_moved, bets_percent,
    is_steam_move, is_reverse_line_movement
)
SELECT game_id, game_date, sportsbook_id, source, market_type, side, moved_at, line_before,
    line_after, price_before, price_after, probability_change, books_moved, bets_percent,
    is_steam_move, is_reverse_line_movement
FROM movement
ON CONFLICT (game_id, game_date, sportsbook_id, market_type, side, source, moved_at)
DO UPDATE SET
    line_before = excluded.line_before, line_after = excluded.line_after,
    price_before = excluded.price_before, price_after = excluded.price_after,
    probability_change = excluded.probability_change, books_moved = excluded.books_moved,
    bets_percent = excluded.bets_percent, is_steam_move = excluded.is_steam_move,
    is_reverse_line_movement = excluded.is_reverse_line_movement
WHERE (old.line_before, old.line_after, old.price_before, old.price_after, old.books_moved,
       old.bets_percent, old.is_steam_move, old.is_reverse_line_movement)
    IS DISTINCT FROM
      (excluded.line_before, excluded.line_after, excluded.price_before, excluded.price_after,
       excluded.books_moved, excluded.bets_percent, excluded.is_steam_move,
       excluded.is_reverse_line_movement)
