-- The bounds are those of the last week: promotion keeps up with the feeds, so the head of its
-- queue is there, in one or two months. promotion_overdue finds older rows.
SELECT external_game_id, sportsbook_key, collected_at
FROM raw_data.odds_api_odds
WHERE processed_at IS NULL
  AND collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
ORDER BY collected_at
LIMIT 100
