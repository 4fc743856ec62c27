-- The later bound is given twice because a generic plan takes each bound of unknown value for a third
-- of the rows: so it takes both for a fifth, and reads the results once instead of by their key.
SELECT s.market_type, count(*) AS signals, count(r.outcome) AS graded, sum(r.profit) AS profit,
    avg(r.closing_line_value) AS closing_line_value
FROM analytics.strategy_signals AS s
LEFT JOIN analytics.strategy_results AS r ON r.game_id = s.game_id AND r.signal_id = s.signal_id
WHERE s.strategy = CAST(:strategy AS text)
  AND s.game_date >= CAST(:from_date AS date)
  AND s.game_date < ANY (ARRAY[CAST(:to_date AS date), CAST(:to_date AS date)])
GROUP BY s.market_type
