SELECT r.game_id, r.market_type, r.side, r.line_value, r.price, b.name, r.stake, r.expected_value
FROM analytics.betting_recommendations AS r
JOIN curated.sportsbooks AS b ON b.sportsbook_id = r.sportsbook_id
WHERE r.status = 'open'
ORDER BY r.expected_value DESC
LIMIT 20
