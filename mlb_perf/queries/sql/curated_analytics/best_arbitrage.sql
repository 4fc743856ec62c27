SELECT game_id, market_type, line_value, first_sportsbook_id, first_side, first_price,
    second_sportsbook_id, second_side, second_price, profit_percent, detected_at, ended_at
FROM curated.arbitrage_opportunities
WHERE game_date = CAST(:game_date AS date)
ORDER BY profit_percent DESC
LIMIT 20
