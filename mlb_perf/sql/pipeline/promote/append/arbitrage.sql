-- Each line that the batch extends or adds, against the lines of the other side at
-- other books that stood since the moment before which nothing changed. The rules
-- are those of curate_arbitrage.sql.
WITH touched AS (
    SELECT * FROM appended WHERE NOT is_in_play
),
reach AS (
    SELECT game_id, market_type, min(reaches_from) AS since
    FROM touched
    GROUP BY game_id, market_type
),
near AS MATERIALIZED (
    SELECT path.game_id, path.market_type, path.sportsbook_id, path.side, l.*
    FROM reach
    JOIN path USING (game_id, market_type)
    CROSS JOIN LATERAL (
        (  -- as in standing.sql, those of the hour before are looked at first
            (SELECT l.line_value, l.price, l.decimal_price, l.first_seen_at, l.last_seen_at
             FROM {stored_lines} AS l
             WHERE l.game_id = path.game_id AND l.game_date = path.game_date
               AND l.game_date BETWEEN {first_date} AND {last_date}
               AND l.sportsbook_id = path.sportsbook_id AND l.market_type = path.market_type
               AND l.side = path.side AND l.source = path.source
               AND l.first_seen_at <= reach.since
               AND l.first_seen_at > reach.since - interval '1 hour'
             ORDER BY l.first_seen_at DESC
             LIMIT 1)
            UNION ALL
            (SELECT l.line_value, l.price, l.decimal_price, l.first_seen_at, l.last_seen_at
             FROM {stored_lines} AS l
             WHERE l.game_id = path.game_id AND l.game_date = path.game_date
               AND l.game_date BETWEEN {first_date} AND {last_date}
               AND l.sportsbook_id = path.sportsbook_id AND l.market_type = path.market_type
               AND l.side = path.side AND l.source = path.source
               AND l.first_seen_at <= reach.since
             ORDER BY l.first_seen_at DESC
             LIMIT 1)
            LIMIT 1
        )
        UNION ALL
        (SELECT l.line_value, l.price, l.decimal_price, l.first_seen_at, l.last_seen_at
         FROM {stored_lines} AS l
         WHERE l.game_id = path.game_id AND l.game_date = path.game_date
           AND l.game_date BETWEEN {first_date} AND {last_date}
           AND l.sportsbook_id = path.sportsbook_id AND l.market_type = path.market_type
           AND l.side = path.side AND l.source = path.source AND l.first_seen_at > reach.since
           AND NOT l.is_in_play
         OFFSET 0)
    ) AS l
),
pair AS (
    SELECT t.game_id, t.game_date, t.market_type, t.side IN ('home', 'over') AS is_first,
        t.sportsbook_id, t.side, t.line_value, t.price, t.decimal_price,
        n.sportsbook_id AS other_sportsbook_id, n.side AS other_side,
        n.line_value AS other_line_value, n.price AS other_price,
        n.decimal_price AS other_decimal_price,
        greatest(t.first_seen_at, n.first_seen_at) AS detected_at,
        least(t.last_seen_at, n.last_seen_at) AS ended_at
    FROM touched AS t
    JOIN near AS n
      ON n.game_id = t.game_id AND n.market_type = t.market_type
     AND n.sportsbook_id <> t.sportsbook_id
     AND n.side = CASE t.side WHEN 'home' THEN 'away' WHEN 'away' THEN 'home'
            WHEN 'over' THEN 'under' ELSE 'over' END
     AND CASE t.market_type
            WHEN 'moneyline' THEN true
            WHEN 'spread' THEN n.line_value = -t.line_value
            ELSE n.line_value = t.line_value
        END
     AND n.first_seen_at <= t.last_seen_at AND n.last_seen_at >= t.first_seen_at
    WHERE 1 / t.decimal_price + 1 / n.decimal_price < 1
),
found AS (
    SELECT game_id, game_date, market_type,
        CASE WHEN is_first THEN line_value ELSE other_line_value END AS line_value,
        CASE WHEN is_first THEN sportsbook_id ELSE other_sportsbook_id END AS first_sportsbook_id,
        CASE WHEN is_first THEN side ELSE other_side END AS first_side,
        CASE WHEN is_first THEN price ELSE other_price END AS first_price,
        CASE WHEN is_first THEN other_sportsbook_id ELSE sportsbook_id END AS second_sportsbook_id,
        CASE WHEN is_first THEN other_side ELSE side END AS second_side,
        CASE WHEN is_first THEN other_price ELSE price END AS second_price,
        round(pg_temp.profit(decimal_price, other_decimal_price), 3) AS profit_percent,
        detected_at, ended_at
    FROM pair
)
INSERT INTO curated.arbitrage_opportunities AS old (
    game_id, game_date, market_type, line_value, first_sportsbook_id, first_side, first_price,
    second_sportsbook_id, second_side, second_price, profit_percent, detected_at, ended_at
)
SELECT DISTINCT ON (game_id, market_type, first_sportsbook_id, second_sportsbook_id, first_side,
        detected_at)
    game_id, game_date, market_type, line_value, first_sportsbook_id, first_side, first_price,
    second_sportsbook_id, second_side, second_price, profit_percent, detected_at, ended_at
FROM found
WHERE profit_percent > 0 AND profit_percent < 1000
ORDER BY game_id, market_type, first_sportsbook_id, second_sportsbook_id, first_side, detected_at,
    profit_percent DESC, ended_at DESC, line_value, first_price, second_price
ON CONFLICT (game_id, game_date, market_type, first_sportsbook_id, second_sportsbook_id, first_side,
    detected_at)
DO UPDATE SET line_value = excluded.line_value, first_price = excluded.first_price,
    second_price = excluded.second_price, profit_percent = excluded.profit_percent,
    ended_at = excluded.ended_at
-- The better one stands, as if all were found at once.
WHERE (excluded.profit_percent, excluded.ended_at, -coalesce(excluded.line_value, 0),
       -excluded.first_price, -excluded.second_price)
    > (old.profit_percent, old.ended_at, -coalesce(old.line_value, 0), -old.first_price,
       -old.second_price)
