-- The rows that the writers left: tier, key, and the value of its last change.

SELECT 'raw' AS tier, external_game_id AS key, NULL AS more, (payload ->> 'price')::integer AS value
FROM raw_data.odds_api_odds WHERE external_game_id LIKE 'live %'
UNION ALL
SELECT 'staging', external_game_id, NULL, price
FROM staging.betting_odds_unified WHERE source = 'live'
UNION ALL
SELECT 'curated', game_id::text,
    extract(epoch FROM first_seen_at - timestamptz '2025-03-01 00:00+00')::integer::text, quote_count
FROM curated.betting_lines_unified WHERE source = 'live'
