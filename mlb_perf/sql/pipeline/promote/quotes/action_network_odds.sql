-- v1: odds[] with a column a side; v2: markets.{book}.event.{market}[] with a
-- row a side. Prices are American. A column that is there without a price is not offered.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    record
)
SELECT r.raw_id, coalesce(pg_temp.as_moment(o ->> 'inserted'), r.collected_at), r.sportsbook_key,
    side.market, side.side, side.line, coalesce(o ->> side.price, ''),
    'american',
    jsonb_build_object('market', side.market, 'side', side.side, 'line', side.line,
        'price', o ->> side.price)
FROM batch AS r
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(r.payload -> 'odds')) AS o
CROSS JOIN LATERAL (VALUES
    ('moneyline', 'home', NULL, 'ml_home'),
    ('moneyline', 'away', NULL, 'ml_away'),
    ('spread', 'home', o ->> 'spread_home', 'spread_home_line'),
    ('spread', 'away', o ->> 'spread_away', 'spread_away_line'),
    ('total', 'over', o ->> 'total', 'over'),
    ('total', 'under', o ->> 'total', 'under')
) AS side (market, side, line, price)
WHERE coalesce(o ->> 'type', 'game') = 'game' AND o ? side.price
UNION ALL
SELECT r.raw_id, coalesce(pg_temp.as_moment(o ->> 'inserted'), r.collected_at), r.sportsbook_key,
    market.key, lower(o ->> 'side'),
    CASE market.key WHEN 'moneyline' THEN NULL ELSE o ->> 'value' END, coalesce(o ->> 'odds', ''),
    'american', o
FROM batch AS r
CROSS JOIN LATERAL jsonb_each(pg_temp.as_object(r.payload -> 'markets')) AS book
CROSS JOIN LATERAL jsonb_each(pg_temp.as_object(book.value -> 'event')) AS market
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(market.value)) AS o
WHERE market.key IN ('moneyline', 'spread', 'total')
