-- bookmakers[].markets[].outcomes[]: name, price, point. A response has one kind of
-- price: the loader says which where the row alone does not show it. A quote's moment is its
-- market's, else its book's, else the row's.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    outcome, last_update
)
SELECT r.raw_id,
    told.at,
    b ->> 'key', m ->> 'key',
    CASE o ->> 'name'
        WHEN r.payload ->> 'home_team' THEN 'home'
        WHEN r.payload ->> 'away_team' THEN 'away'
        ELSE lower(o ->> 'name')
    END,
    o ->> 'point', coalesce(o ->> 'price', ''), shown.price_format,
    o, m ->> 'last_update'
FROM batch AS r
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN r.payload ? 'odds_format' THEN r.payload ->> 'odds_format'
        WHEN jsonb_path_exists(
            r.payload, '$.bookmakers[*].markets[*].outcomes[*].price ? (@ <= -100)'
        ) THEN 'american'
        WHEN jsonb_path_exists(
            r.payload, '$.bookmakers[*].markets[*].outcomes[*].price ? (@ > 0 && @ < 100)'
        ) THEN 'decimal'
    END AS price_format OFFSET 0
) AS shown
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(r.payload -> 'bookmakers')) AS b
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(b -> 'markets')) AS m
-- OFFSET 0 keeps it at one conversion a market.
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN coalesce(m ->> 'last_update', b ->> 'last_update') IS NULL THEN r.collected_at
        ELSE pg_temp.as_unix_or_moment(coalesce(m ->> 'last_update', b ->> 'last_update'))
    END AS at OFFSET 0
) AS told
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(m -> 'outcomes')) AS o
