-- One row of the user's file: one side, or all of them, in named columns.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    record
)
SELECT r.raw_id, r.collected_at, r.sportsbook_key, side.market, side.side, side.line, side.price,
    coalesce(r.payload ->> 'prices', 'american'),
    jsonb_build_object('market', side.market, 'side', side.side, 'line', side.line,
        'price', side.price)
FROM batch AS r
CROSS JOIN LATERAL (VALUES
    (r.payload ->> 'market_type', lower(r.payload ->> 'side'), r.payload ->> 'line_value',
     r.payload ->> 'price'),
    ('moneyline', 'home', NULL, r.payload ->> 'moneyline_home'),
    ('moneyline', 'away', NULL, r.payload ->> 'moneyline_away'),
    ('spread', 'home', r.payload ->> 'spread_home', r.payload ->> 'spread_home_price'),
    ('spread', 'away', (-pg_temp.as_number(r.payload ->> 'spread_home'))::text,
     r.payload ->> 'spread_away_price'),
    ('total', 'over', r.payload ->> 'total', r.payload ->> 'over_price'),
    ('total', 'under', r.payload ->> 'total', r.payload ->> 'under_price')
) AS side (market, side, line, price)
WHERE side.price IS NOT NULL
