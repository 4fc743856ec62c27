SELECT market_type, sharp_side, count(DISTINCT game_id) AS games, count(*) AS splits,
    avg(home_or_over_money_percent - home_or_over_bets_percent) AS mean_difference
FROM curated.unified_betting_splits
WHERE sharp_side IS NOT NULL
  AND game_date = CAST(:game_date AS date)
GROUP BY market_type, sharp_side
