-- The lines of whole paths, from every quote of them in staging: runs of the same
-- price become one row, cut at the start, so that what was quoted in play is never
-- part of a closing line. A quote without a time of its own stands
-- where the start says: an opening one a day before it, a closing one a second before.
INSERT INTO line
WITH quote AS (
    SELECT q.game_id, g.game_date, q.sportsbook_id, q.source, q.market_type, q.side, q.line_value,
        q.price, q.decimal_price, told.collected_at, q.quote_count, q.data_quality_score,
        coalesce(q.validation_errors IS NULL AND q.collected_at >= g.start_at, false)
            AS is_in_play,
        row_number() OVER moment AS place
    FROM (
{quotes}
    ) AS q
    JOIN promoted_game AS g USING (game_id)
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN q.validation_errors IS NULL OR g.start_at IS NULL THEN q.collected_at
            WHEN q.validation_errors ? 'closing_without_time'
            THEN g.start_at - interval '1 second'
            WHEN q.validation_errors ? 'opening_without_time' THEN g.start_at - interval '1 day'
            ELSE q.collected_at
        END AS collected_at
    ) AS told
    WHERE q.validation_status IN ('valid', 'suspect') AND q.sportsbook_id IS NOT NULL
    -- Two names of one game, or of one book, may have spoken at the same moment.
    WINDOW moment AS (
        PARTITION BY q.game_id, q.sportsbook_id, q.source, q.market_type, q.side, told.collected_at
        ORDER BY q.external_game_id, q.sportsbook_key
    )
),
changed AS (
    SELECT quote.*,
        (line_value, price, decimal_price, is_in_play) IS DISTINCT FROM (
            lag(line_value) OVER path, lag(price) OVER path, lag(decimal_price) OVER path,
            lag(is_in_play) OVER path
        ) AS is_change
    FROM quote
    WHERE place = 1
    WINDOW path AS (
        PARTITION BY game_id, sportsbook_id, source, market_type, side ORDER BY collected_at
    )
),
run AS (
    SELECT changed.*, count(*) FILTER (WHERE is_change) OVER path AS run
    FROM changed
    WINDOW path AS (
        PARTITION BY game_id, sportsbook_id, source, market_type, side ORDER BY collected_at
    )
),
step AS (
    SELECT game_id, game_date, sportsbook_id, source, market_type, side, run, line_value, price,
        decimal_price, is_in_play, min(collected_at) AS first_seen_at,
        max(collected_at) AS last_seen_at, sum(quote_count)::integer AS quote_count,
        min(data_quality_score) AS data_quality_score
    FROM run
    GROUP BY game_id, game_date, sportsbook_id, source, market_type, side, run, line_value, price,
        decimal_price, is_in_play
)
SELECT step.game_id, step.game_date, sportsbook_id, source, market_type, side, line_value, price,
    decimal_price, first_seen_at, last_seen_at, quote_count,
    run = 1 AND NOT is_in_play AS is_opening,
    -- A game whose start no source tells is over by noon of the next day.
    NOT is_in_play
        AND pg_temp.closes_at(g.start_at, step.game_date) <= now()
        AND run = max(run) FILTER (WHERE NOT is_in_play) OVER (
            PARTITION BY step.game_id, sportsbook_id, source, market_type, side
        ) AS is_closing,
    is_in_play, data_quality_score
FROM step
JOIN promoted_game AS g USING (game_id)
