-- v1: odds[] with a column a side; v2: markets.{book}.event.{market}[] with a
-- row a side. Prices are American.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    record
)
SELECT r.raw_id, coalesce(pg_temp.as_moment(o ->> 'inserted'), r.collected_at), r.sportsbook_key,
    side.market, side.side, side.line, side.price, 'american',
    jsonb_build_object('market', side.market, 'side', side.side, 'line', side.line,
        'price', side.price)
FROM batch AS r
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(r.payload -> 'odds')) AS o
CROSS JOIN LATERAL (VALUES
    ('moneyline', 'home', NULL, o ->> 'ml_home'),
    ('moneyline', 'away', NULL, o ->> 'ml_away'),
    ('spread', 'home', o ->> 'spread_home', o ->> 'spread_home_line'),
    ('spread', 'away', o ->> 'spread_away', o ->> 'spread_away_line'),
    ('total', 'over', o ->> 'total', o ->> 'over'),
    ('total', 'under', o ->> 'total', o ->> 'under')
) AS side (market, side, line, price)
WHERE coalesce(o ->> 'type', 'game') = 'game' AND side.price IS NOT NULL
UNION ALL
SELECT r.raw_id, coalesce(pg_temp.as_moment(o ->> 'inserted'), r.collected_at), r.sportsbook_key,
    market.key, lower(o ->> 'side'),
    CASE market.key WHEN 'moneyline' THEN NULL ELSE o ->> 'value' END, o ->> 'odds', 'american', o
FROM batch AS r
CROSS JOIN LATERAL jsonb_each(pg_temp.as_object(r.payload -> 'markets')) AS book
CROSS JOIN LATERAL jsonb_each(pg_temp.as_object(book.value -> 'event')) AS market
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(market.value)) AS o
WHERE market.key IN ('moneyline', 'spread', 'total')
