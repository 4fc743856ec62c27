-- Two sides at two books that stood together and whose implied probabilities
-- add up to less than 1, before the start. A price stands from when it was
-- first seen to when it was last seen. Each line of home or over is compared with
-- the line of each path of the other side that stood when it began, and with those
-- that began while it stood: not with all of them, and with none of a path whose best price
-- would leave no profit.
INSERT INTO arbitrage (
    game_id, game_date, market_type, line_value, first_sportsbook_id, first_side, first_price,
    second_sportsbook_id, second_side, second_price, profit_percent, detected_at, ended_at
)
WITH path AS (
    SELECT game_id, market_type, side, sportsbook_id, source, max(decimal_price) AS best_price
    FROM line
    WHERE NOT is_in_play
    GROUP BY game_id, market_type, side, sportsbook_id, source
),
found AS (
    SELECT one.game_id, one.game_date, one.market_type, one.line_value,
        one.sportsbook_id AS first_sportsbook_id, one.side AS first_side,
        one.price AS first_price, other.sportsbook_id AS second_sportsbook_id,
        other.side AS second_side, other.price AS second_price,
        round(pg_temp.profit(one.decimal_price, other.decimal_price), 3) AS profit_percent,
        greatest(one.first_seen_at, other.first_seen_at) AS detected_at,
        least(one.last_seen_at, other.last_seen_at) AS ended_at
    FROM line AS one
    JOIN path
      ON path.game_id = one.game_id AND path.market_type = one.market_type
     AND path.sportsbook_id <> one.sportsbook_id
     AND path.side = CASE one.side WHEN 'home' THEN 'away' WHEN 'over' THEN 'under' END
     AND 1 / one.decimal_price + 1 / path.best_price < 1
    CROSS JOIN LATERAL (
        (SELECT *
         FROM line AS l
         WHERE l.game_id = path.game_id AND l.market_type = path.market_type
           AND l.side = path.side AND l.sportsbook_id = path.sportsbook_id
           AND l.source = path.source AND l.first_seen_at <= one.first_seen_at
         ORDER BY l.first_seen_at DESC
         LIMIT 1)
        UNION ALL
        SELECT *
        FROM line AS l
        WHERE l.game_id = path.game_id AND l.market_type = path.market_type
          AND l.side = path.side AND l.sportsbook_id = path.sportsbook_id
          AND l.source = path.source AND l.first_seen_at > one.first_seen_at
          AND l.first_seen_at <= one.last_seen_at
    ) AS other
    WHERE one.side IN ('home', 'over') AND NOT one.is_in_play AND NOT other.is_in_play
      AND other.last_seen_at >= one.first_seen_at
      AND CASE one.market_type
            WHEN 'moneyline' THEN true
            WHEN 'spread' THEN other.line_value = -one.line_value
            ELSE other.line_value = one.line_value
        END
      AND 1 / one.decimal_price + 1 / other.decimal_price < 1
),
best AS (
    SELECT DISTINCT ON (game_id, market_type, first_sportsbook_id, second_sportsbook_id, first_side,
            detected_at) *
    FROM found
    WHERE profit_percent > 0 AND profit_percent < 1000
    ORDER BY game_id, market_type, first_sportsbook_id, second_sportsbook_id, first_side,
        detected_at, profit_percent DESC, ended_at DESC, line_value, first_price, second_price
)
SELECT game_id, game_date, market_type, line_value, first_sportsbook_id, first_side, first_price,
    second_sportsbook_id, second_side, second_price, profit_percent, detected_at, ended_at
FROM best;

-- Not NOT EXISTS: where the planner expects one row, that reads all of arbitrage for each.
INSERT INTO stale_arbitrage
SELECT old.game_id, old.game_date, old.market_type, old.first_sportsbook_id,
    old.second_sportsbook_id, old.first_side, old.detected_at
FROM {stored_arbitrage} AS old
JOIN promoted_game AS g ON old.game_id = g.game_id AND old.game_date = g.game_date
EXCEPT
SELECT game_id, game_date, market_type, first_sportsbook_id, second_sportsbook_id, first_side,
    detected_at
FROM arbitrage;

-- Without statistics the planner may read the whole table for a few rows.
ANALYZE stale_arbitrage;

DELETE FROM curated.arbitrage_opportunities AS old
USING stale_arbitrage AS s
WHERE old.game_id = s.game_id AND old.game_date = s.game_date
  AND old.market_type = s.market_type AND old.first_sportsbook_id = s.first_sportsbook_id
  AND old.second_sportsbook_id = s.second_sportsbook_id AND old.first_side = s.first_side
  AND old.detected_at = s.detected_at;

INSERT INTO curated.arbitrage_opportunities AS old (
    game_id, game_date, market_type, line_value, first_sportsbook_id, first_side, first_price,
    second_sportsbook_id, second_side, second_price, profit_percent, detected_at, ended_at
)
SELECT game_id, game_date, market_type, line_value, first_sportsbook_id, first_side, first_price,
    second_sportsbook_id, second_side, second_price, profit_percent, detected_at, ended_at
FROM arbitrage
ON CONFLICT (game_id, game_date, market_type, first_sportsbook_id, second_sportsbook_id, first_side,
    detected_at)
DO UPDATE SET line_value = excluded.line_value, first_price = excluded.first_price,
    second_price = excluded.second_price, profit_percent = excluded.profit_percent,
    ended_at = excluded.ended_at
WHERE (old.line_value, old.first_price, old.second_price, old.profit_percent, old.ended_at)
    IS DISTINCT FROM
      (excluded.line_value, excluded.first_price, excluded.second_price, excluded.profit_percent,
       excluded.ended_at)
