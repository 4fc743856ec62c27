-- sportsbooks[].odds: moneyline, spread and total with American prices as text. A side that is
-- there without a price is not offered.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    record
)
SELECT r.raw_id, r.collected_at, r.sportsbook_key, side.market, side.side, side.told ->> 'points',
    coalesce(side.told #>> side.price, ''), 'american',
    jsonb_build_object('market', side.market, 'side', side.side, 'line', side.told ->> 'points',
        'price', side.told #>> side.price)
FROM batch AS r
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(r.payload -> 'sportsbooks')) AS b
CROSS JOIN LATERAL (VALUES
    ('moneyline', 'home', b #> '{odds,moneyline,home}', '{american}'::text[]),
    ('moneyline', 'away', b #> '{odds,moneyline,away}', '{american}'),
    ('spread', 'home', b #> '{odds,spread,home}', '{odds,american}'),
    ('spread', 'away', b #> '{odds,spread,away}', '{odds,american}'),
    ('total', 'over', b #> '{odds,total,over}', '{odds,american}'),
    ('total', 'under', b #> '{odds,total,under}', '{odds,american}')
) AS side (market, side, told, price)
WHERE side.told IS NOT NULL
