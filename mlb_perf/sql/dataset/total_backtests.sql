-- The sums of each backtest, from its bets.
WITH path AS (
    SELECT backtest_id, profit, sum(profit) OVER (
            PARTITION BY backtest_id ORDER BY placed_at, game_id, bet_id
        ) AS balance, placed_at, game_id, bet_id
    FROM analytics.backtest_bets
),
fall AS (
    SELECT backtest_id, profit, greatest(0, max(balance) OVER (
            PARTITION BY backtest_id ORDER BY placed_at, game_id, bet_id
        )) - balance AS below
    FROM path
),
total AS (
    SELECT backtest_id, count(*) AS bets, sum(profit) AS profit, max(below) AS drawdown
    FROM fall
    GROUP BY backtest_id
)
UPDATE analytics.backtest_runs AS r
SET bet_count = total.bets, profit = total.profit, maximum_drawdown = total.drawdown
FROM total
WHERE total.backtest_id = r.backtest_id
