-- One probe of the primary key for each market, so its cost does not grow with the polls.
SELECT market.market_type, s.collected_at, s.payload
FROM (VALUES ('moneyline'), ('spread'), ('total'), ('unknown')) AS market (market_type)
CROSS JOIN LATERAL (
    SELECT collected_at, payload
    FROM raw_data.vsin_splits
    WHERE external_game_id = CAST(:external_game_id AS text)
      AND sportsbook_key = CAST(:sportsbook_key AS text)
      AND market_type = market.market_type
    ORDER BY collected_at DESC
    LIMIT 1
) AS s
