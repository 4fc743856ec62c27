-- sportsbooks[].odds: moneyline, spread and total with American prices as text.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    record
)
SELECT r.raw_id, r.collected_at, r.sportsbook_key, side.market, side.side, side.line, side.price,
    'american',
    jsonb_build_object('market', side.market, 'side', side.side, 'line', side.line,
        'price', side.price)
FROM batch AS r
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(r.payload -> 'sportsbooks')) AS b
CROSS JOIN LATERAL (VALUES
    ('moneyline', 'home', NULL, b #>> '{odds,moneyline,home,american}'),
    ('moneyline', 'away', NULL, b #>> '{odds,moneyline,away,american}'),
    ('spread', 'home', b #>> '{odds,spread,home,points}', b #>> '{odds,spread,home,odds,american}'),
    ('spread', 'away', b #>> '{odds,spread,away,points}', b #>> '{odds,spread,away,odds,american}'),
    ('total', 'over', b #>> '{odds,total,over,points}', b #>> '{odds,total,over,odds,american}'),
    ('total', 'under', b #>> '{odds,total,under,points}', b #>> '{odds,total,under,odds,american}')
) AS side (market, side, line, price)
WHERE side.price IS NOT NULL
