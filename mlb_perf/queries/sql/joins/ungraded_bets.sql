-- What grading takes up: bets without an outcome whose game has ended.
SELECT b.game_id, b.bet_id, b.market_type, b.side, b.line_value, b.price, b.stake, g.home_score,
    g.away_score
FROM analytics.backtest_bets AS b
JOIN curated.enhanced_games AS g ON g.game_id = b.game_id
WHERE b.outcome IS NULL
  AND b.backtest_id = CAST(:backtest_id AS bigint)
  AND g.status = 'final'
LIMIT 1000
