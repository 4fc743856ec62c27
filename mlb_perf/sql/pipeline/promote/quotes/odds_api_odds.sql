-- bookmakers[].markets[].outcomes[]: name, price, point. Prices below 100 are
-- decimal, others American; a response has one kind.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    record
)
SELECT r.raw_id,
    told.at,
    b ->> 'key', m ->> 'key',
    CASE o ->> 'name'
        WHEN r.payload ->> 'home_team' THEN 'home'
        WHEN r.payload ->> 'away_team' THEN 'away'
        ELSE lower(o ->> 'name')
    END,
    o ->> 'point', o ->> 'price',
    CASE WHEN abs(pg_temp.as_number(o ->> 'price')) < 100 THEN 'decimal' ELSE 'american' END,
    jsonb_build_object('market', m ->> 'key', 'last_update', m ->> 'last_update', 'outcome', o)
FROM batch AS r
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(r.payload -> 'bookmakers')) AS b
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(b -> 'markets')) AS m
-- OFFSET 0 keeps it at one conversion a market.
CROSS JOIN LATERAL (
    SELECT pg_temp.as_moment(coalesce(m ->> 'last_update', b ->> 'last_update')) AS at OFFSET 0
) AS told
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(m -> 'outcomes')) AS o
