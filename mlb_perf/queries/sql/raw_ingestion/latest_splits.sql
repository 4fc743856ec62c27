-- The newest row of each market, by the primary key. The later bound is written with ALL because a
-- generic plan takes a range between two unknown moments as half a percent of the rows, and would
-- read the month by its index on collected_at; partitions are excluded by both bounds. OFFSET 0: the
-- planner would look for an order in each partition, which costs more than to sort a few rows.
SELECT DISTINCT ON (market_type) market_type, collected_at, payload
FROM (
    SELECT market_type, collected_at, payload
    FROM raw_data.vsin_splits
    WHERE external_game_id = CAST(:external_game_id AS text)
      AND sportsbook_key = CAST(:sportsbook_key AS text)
      AND collected_at >= CAST(:since AS timestamptz)
      AND collected_at < ALL (ARRAY[CAST(:until AS timestamptz)])
    OFFSET 0
) AS quoted
ORDER BY market_type, collected_at DESC
