-- Of each path of the games the opening line, and once the game has begun the closing
-- one: the index of the opening lines tells the paths, one probe of the primary key
-- each their last line before the start.
INSERT INTO line
WITH opening AS (
    SELECT l.*, g.start_at
    FROM promoted_game AS g
    JOIN {stored_lines} AS l
      ON l.game_date = g.game_date AND l.game_id = g.game_id AND l.is_opening
    WHERE l.game_date BETWEEN {first_date} AND {last_date}
),
edge AS (
    SELECT o.game_id, o.game_date, o.sportsbook_id, o.source, o.market_type, o.side, o.line_value,
        o.price, o.decimal_price, o.first_seen_at, o.last_seen_at, o.quote_count, o.is_opening,
        false AS is_closing, o.data_quality_score
    FROM opening AS o
    UNION ALL
    SELECT o.game_id, o.game_date, o.sportsbook_id, o.source, o.market_type, o.side, l.line_value,
        l.price, l.decimal_price, l.first_seen_at, l.last_seen_at, l.quote_count, l.is_opening,
        true, l.data_quality_score
    FROM opening AS o
    CROSS JOIN LATERAL (
        SELECT *
        FROM {stored_lines} AS l
        WHERE l.game_id = o.game_id AND l.game_date = o.game_date
          AND l.game_date BETWEEN {first_date} AND {last_date}
          AND l.sportsbook_id = o.sportsbook_id AND l.market_type = o.market_type
          AND l.side = o.side AND l.source = o.source
          AND l.first_seen_at < coalesce(o.start_at, 'infinity')
        ORDER BY l.first_seen_at DESC
        LIMIT 1
    ) AS l
    WHERE pg_temp.closes_at(o.start_at, o.game_date) <= now()
    UNION ALL  -- lines that are marked as closing, and may no longer be
    SELECT l.game_id, l.game_date, l.sportsbook_id, l.source, l.market_type, l.side, l.line_value,
        l.price, l.decimal_price, l.first_seen_at, l.last_seen_at, l.quote_count, l.is_opening,
        false, l.data_quality_score
    FROM promoted_game AS g
    JOIN {stored_lines} AS l
      ON l.game_date = g.game_date AND l.game_id = g.game_id AND l.is_closing
    WHERE l.game_date BETWEEN {first_date} AND {last_date}
)
SELECT DISTINCT ON (game_id, sportsbook_id, source, market_type, side, first_seen_at)
    game_id, game_date, sportsbook_id, source, market_type, side, line_value, price, decimal_price,
    first_seen_at, last_seen_at, quote_count, is_opening, is_closing, false, data_quality_score
FROM edge
ORDER BY game_id, sportsbook_id, source, market_type, side, first_seen_at, is_closing DESC
