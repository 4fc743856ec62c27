SELECT home.abbreviation AS home, away.abbreviation AS away, a.market_type, a.line_value,
    one.name AS first_book, a.first_side, a.first_price, two.name AS second_book, a.second_side,
    a.second_price, a.profit_percent, a.detected_at
FROM curated.arbitrage_opportunities AS a
JOIN curated.enhanced_games AS g ON g.game_id = a.game_id
JOIN curated.teams AS home ON home.team_id = g.home_team_id
JOIN curated.teams AS away ON away.team_id = g.away_team_id
JOIN curated.sportsbooks AS one ON one.sportsbook_id = a.first_sportsbook_id
JOIN curated.sportsbooks AS two ON two.sportsbook_id = a.second_sportsbook_id
WHERE a.game_date = CAST(:game_date AS date)
  AND a.profit_percent >= CAST(:least_profit AS numeric)
ORDER BY a.profit_percent DESC
LIMIT 50
