-- Each quote of the batch: what it means, and if it means nothing possible, why.
-- The first rule that it breaks is the reason. Values are judged as they are stored:
-- decimal odds to six digits. A format that neither the row nor the loader shows is
-- decided by all prices of the row together.
WITH read AS MATERIALIZED (  -- else each use of a column would convert its text again
    SELECT quote.raw_id, batch.source, batch.id_source, batch.external_game_id,
        coalesce(quote.sportsbook_key, batch.sportsbook_key, '') AS sportsbook_key,
        m.game_id, g.league_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at) AS start_at,
        CASE quote.market_key
            WHEN 'h2h' THEN 'moneyline' WHEN 'spreads' THEN 'spread' WHEN 'totals' THEN 'total'
            ELSE quote.market_key
        END AS market_type,
        quote.market_key, quote.side_key AS side, quote.quoted_at, quote.line_text,
        quote.price_text, quote.moment_kind, quote.ctid AS quote_place,
        coalesce(quote.price_format, shown.price_format) AS price_format,
        pg_temp.as_line(quote.line_text) AS line_value,
        pg_temp.as_price(
            quote.price_text, coalesce(quote.price_format, shown.price_format)
        ) AS price
    FROM quote
    JOIN batch USING (raw_id)
    LEFT JOIN (
        SELECT raw_id, pg_temp.format_of(array_agg(pg_temp.as_number(price_text))) AS price_format
        FROM quote
        WHERE price_format IS NULL
        GROUP BY raw_id
    ) AS shown ON quote.price_format IS NULL AND shown.raw_id = quote.raw_id
    LEFT JOIN curated.game_id_mappings AS m
      ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
    LEFT JOIN curated.enhanced_games AS g ON g.game_id = m.game_id
),
priced AS MATERIALIZED (
    SELECT read.*, book.sportsbook_id,
        CASE
            WHEN price_format = 'decimal' AND round(price, 6) > 1
            THEN CASE WHEN price >= 2 THEN round((price - 1) * 100)
                ELSE round(-100 / (round(price, 6) - 1)) END
            WHEN price_format = 'american' THEN price
        END AS american,
        round(pg_temp.as_decimal(price, price_format), 6) AS decimal_price
    FROM read
    LEFT JOIN book ON book.source = read.source AND book.sportsbook_key = read.sportsbook_key
)
INSERT INTO judged
SELECT raw_id, source, external_game_id, left(sportsbook_key, 64), sportsbook_id, game_id, game_date,
    market_type, side, CASE WHEN market_type <> 'moneyline' THEN line_value END,
    CASE WHEN abs(american) <= 2000000000 THEN american::integer END,
    CASE WHEN decimal_price < 1000000 THEN decimal_price END,
    quoted_at, moment_kind IS NULL AND quoted_at >= start_at,
    CASE market_type WHEN 'spread' THEN abs(line_value) <> league.usual_spread
        WHEN 'total' THEN line_value < league.usual_total_from
            OR line_value > league.usual_total_to
    END,
    CASE
        WHEN price IS NULL AND pg_temp.is_absent(price_text) THEN 'not_offered'
        WHEN game_id IS NULL
        THEN pg_temp.why_unknown(source, id_source, external_game_id)
        WHEN sportsbook_id IS NULL THEN 'unknown_sportsbook'
        WHEN quoted_at IS NULL OR quoted_at < '2000-01-01' OR quoted_at > now() + interval '1 day'
        THEN 'bad_time'
        WHEN market_key LIKE 'alternate%' THEN 'alternate_line'
        WHEN market_type IS NULL OR market_type NOT IN ('moneyline', 'spread', 'total')
        THEN 'unknown_market'
        WHEN side IS NULL OR side NOT IN ('home', 'away', 'over', 'under')
          OR (market_type = 'total') <> (side IN ('over', 'under')) THEN 'unknown_side'
        WHEN price IS NULL THEN 'unreadable_price'
        WHEN price_format IS NULL THEN 'ambiguous_price'
        WHEN american IS NULL OR abs(american) < 100 OR abs(american) > 2000000000
          OR decimal_price <= 1 OR decimal_price >= 1000000 OR american <> trunc(american)
        THEN 'impossible_price'
        WHEN market_type <> 'moneyline' AND line_value IS NULL
        THEN CASE WHEN pg_temp.is_absent(line_text) THEN 'missing_line' ELSE 'unreadable_line' END
        WHEN market_type <> 'moneyline' AND (line_value * 2 <> trunc(line_value * 2)
          OR abs(line_value) > 999.5 OR (market_type = 'total' AND line_value <= 0)
          OR abs(line_value) > CASE market_type WHEN 'spread' THEN league.largest_spread
                ELSE league.largest_total END)
        THEN 'impossible_line'
    END,
    moment_kind, quote_place
FROM priced
LEFT JOIN curated.leagues AS league USING (league_id)
