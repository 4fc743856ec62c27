-- Quotes that repeat the standing line extend it; each other run of one price is
-- a line of its own. The rules are those of curate_lines.sql.
INSERT INTO appended
WITH quote AS (
    -- Two names of one game, or of one book, may have spoken at the same moment.
    SELECT DISTINCT ON (
            q.game_id, q.sportsbook_id, q.source, q.market_type, q.side, q.collected_at
        )
        q.*, g.game_date, coalesce(q.collected_at >= g.start_at, false) AS is_in_play
    FROM staged_quote AS q
    JOIN live_game AS g USING (game_id)
    ORDER BY q.game_id, q.sportsbook_id, q.source, q.market_type, q.side, q.collected_at,
        q.external_game_id, q.sportsbook_key
),
told AS (
    SELECT game_id, game_date, sportsbook_id, source, market_type, side, line_value, price,
        decimal_price, is_in_play, collected_at AS first_seen_at, collected_at AS last_seen_at,
        data_quality_score, true AS is_quote
    FROM quote
    UNION ALL
    SELECT s.game_id, g.game_date, s.sportsbook_id, s.source, s.market_type, s.side, s.line_value,
        s.price, s.decimal_price, s.is_in_play, s.first_seen_at, s.last_seen_at,
        s.data_quality_score, false
    FROM standing AS s
    JOIN live_game AS g USING (game_id)
),
changed AS (
    SELECT told.*,
        (line_value, price, decimal_price, is_in_play) IS DISTINCT FROM (
            lag(line_value) OVER path, lag(price) OVER path, lag(decimal_price) OVER path,
            lag(is_in_play) OVER path
        ) AS is_change
    FROM told
    WINDOW path AS (
        PARTITION BY game_id, sportsbook_id, source, market_type, side ORDER BY last_seen_at
    )
),
run AS (
    SELECT changed.*, count(*) FILTER (WHERE is_change) OVER path AS run
    FROM changed
    WINDOW path AS (
        PARTITION BY game_id, sportsbook_id, source, market_type, side ORDER BY last_seen_at
    )
),
step AS (
    SELECT game_id, game_date, sportsbook_id, source, market_type, side, run, line_value, price,
        decimal_price, is_in_play, min(first_seen_at) AS first_seen_at,
        max(last_seen_at) AS last_seen_at,
        count(*) FILTER (WHERE is_quote)::integer AS quote_count, bool_and(is_quote) AS is_new,
        min(data_quality_score) AS data_quality_score,
        coalesce(max(last_seen_at) FILTER (WHERE NOT is_quote), min(first_seen_at)) AS reaches_from
    FROM run
    GROUP BY game_id, game_date, sportsbook_id, source, market_type, side, run, line_value, price,
        decimal_price, is_in_play
),
beside AS (
    SELECT step.*, lag(line_value) OVER path AS line_before, lag(price) OVER path AS price_before,
        lag(decimal_price) OVER path AS decimal_before
    FROM step
    WINDOW path AS (PARTITION BY game_id, sportsbook_id, source, market_type, side ORDER BY run)
)
SELECT game_id, game_date, sportsbook_id, source, market_type, side, line_value, price,
    decimal_price, first_seen_at, last_seen_at, quote_count, is_new,
    run = 1 AND is_new AND NOT is_in_play, is_in_play, data_quality_score, reaches_from,
    line_before, price_before, decimal_before
FROM beside
WHERE quote_count > 0;

-- By the primary key, new or extended, whatever the planner thinks of the table.
INSERT INTO curated.betting_lines_unified AS old (
    game_id, game_date, sportsbook_id, source, market_type, side, line_value, price, decimal_price,
    implied_probability, first_seen_at, last_seen_at, quote_count, is_opening, is_closing,
    is_in_play, data_quality_score, updated_at
)
SELECT game_id, game_date, sportsbook_id, source, market_type, side, line_value, price,
    decimal_price, round(1 / decimal_price, 8), first_seen_at, last_seen_at, quote_count,
    is_opening, false, is_in_play, data_quality_score, now()
FROM appended
ON CONFLICT (game_id, game_date, sportsbook_id, market_type, side, source, first_seen_at)
DO UPDATE SET
    last_seen_at = excluded.last_seen_at, quote_count = old.quote_count + excluded.quote_count,
    data_quality_score = excluded.data_quality_score, updated_at = excluded.updated_at
