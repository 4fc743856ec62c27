SELECT placed_at, profit, sum(profit) OVER (ORDER BY placed_at, bet_id) AS bankroll
FROM analytics.backtest_bets
WHERE backtest_id = CAST(:backtest_id AS bigint)
ORDER BY placed_at, bet_id
