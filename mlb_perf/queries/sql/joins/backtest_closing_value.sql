-- Closing line value: by how much the price that was taken beat the close.
SELECT b.market_type, count(*) AS bets, sum(b.profit) AS profit,
    avg(1 / c.decimal_price - CASE WHEN b.price > 0 THEN 100.0 / (b.price + 100)
        ELSE -b.price / (100.0 - b.price) END) AS closing_value
FROM analytics.backtest_bets AS b
LEFT JOIN curated.betting_lines_unified AS c
  ON c.is_closing AND c.game_id = b.game_id AND c.game_date = b.game_date
 AND c.sportsbook_id = b.sportsbook_id AND c.market_type = b.market_type AND c.side = b.side
 AND c.game_date >= CAST(:from_date AS date) AND c.game_date < CAST(:to_date AS date)
WHERE b.backtest_id = CAST(:backtest_id AS bigint)
  AND b.game_date >= CAST(:from_date AS date) AND b.game_date < CAST(:to_date AS date)
GROUP BY b.market_type
