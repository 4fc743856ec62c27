-- Nothing collected after the moment is looked at. The earlier bound is written with ALL for the
-- generic plan, as in latest_snapshot; it prunes months.
SELECT collected_at, payload
FROM raw_data.odds_api_odds
WHERE external_game_id = CAST(:external_game_id AS text)
  AND sportsbook_key = CAST(:sportsbook_key AS text)
  AND collected_at >= ALL (ARRAY[CAST(:since AS timestamptz)])
  AND collected_at <= CAST(:moment AS timestamptz)
ORDER BY collected_at DESC
LIMIT 1
