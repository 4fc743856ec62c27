SELECT date_trunc('hour', collected_at) AS hour, sportsbook_key, count(*) AS snapshots
FROM raw_data.odds_api_odds
WHERE collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
GROUP BY 1, 2
ORDER BY 1, 2
