SELECT source, sportsbook_id, collected_at, home_or_over_bets_percent, home_or_over_money_percent
FROM curated.unified_betting_splits
WHERE game_id = CAST(:game_id AS bigint)
  AND game_date = CAST(:game_date AS date)
  AND market_type = CAST(:market_type AS text)
  AND collected_at <= CAST(:moment AS timestamptz)
ORDER BY collected_at DESC
LIMIT 1
