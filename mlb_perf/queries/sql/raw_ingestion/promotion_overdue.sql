-- Reads one page per feed, and of the odds one per month, if there is none. Ask it once a day, or
-- prepare it: planning each month takes longer than the answer. promotion_backlog reads the time
-- since that moment.
SELECT 'odds_api_odds' AS raw_table, (
    SELECT collected_at
    FROM raw_data.odds_api_odds
    WHERE processed_at IS NULL AND collected_at < CAST(:before AS timestamptz)
    ORDER BY collected_at
    LIMIT 1
) AS oldest
UNION ALL
SELECT 'action_network_odds', (
    SELECT collected_at
    FROM raw_data.action_network_odds
    WHERE processed_at IS NULL AND collected_at < CAST(:before AS timestamptz)
    ORDER BY collected_at
    LIMIT 1
)
UNION ALL
SELECT 'sbd_splits', (
    SELECT collected_at
    FROM raw_data.sbd_splits
    WHERE processed_at IS NULL AND collected_at < CAST(:before AS timestamptz)
    ORDER BY collected_at
    LIMIT 1
)
UNION ALL
SELECT 'vsin_splits', (
    SELECT collected_at
    FROM raw_data.vsin_splits
    WHERE processed_at IS NULL AND collected_at < CAST(:before AS timestamptz)
    ORDER BY collected_at
    LIMIT 1
)
