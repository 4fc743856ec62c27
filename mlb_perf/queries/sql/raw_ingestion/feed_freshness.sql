-- A feed that is silent in that time has a count of 0.
SELECT 'odds_api_odds' AS raw_table, count(*) AS snapshots, max(collected_at) AS newest
FROM raw_data.odds_api_odds
WHERE collected_at >= CAST(:since AS timestamptz) AND collected_at < CAST(:until AS timestamptz)
UNION ALL
SELECT 'action_network_odds', count(*), max(collected_at)
FROM raw_data.action_network_odds
WHERE collected_at >= CAST(:since AS timestamptz) AND collected_at < CAST(:until AS timestamptz)
UNION ALL
SELECT 'sbd_splits', count(*), max(collected_at)
FROM raw_data.sbd_splits
WHERE collected_at >= CAST(:since AS timestamptz) AND collected_at < CAST(:until AS timestamptz)
UNION ALL
SELECT 'vsin_splits', count(*), max(collected_at)
FROM raw_data.vsin_splits
WHERE collected_at >= CAST(:since AS timestamptz) AND collected_at < CAST(:until AS timestamptz)
