-- The best closing moneylines of the last game that has them, with the books'
-- mean probability of the home side without vig.
WITH game AS (
    SELECT game_id, game_date
    FROM curated.betting_lines_unified
    WHERE is_closing AND market_type = 'moneyline'
    ORDER BY game_date DESC, game_id DESC
    LIMIT 1
),
closing AS (
    SELECT l.side, l.price, l.decimal_price, l.sportsbook_id, b.name
    FROM curated.betting_lines_unified AS l
    JOIN game USING (game_id, game_date)
    JOIN curated.sportsbooks AS b USING (sportsbook_id)
    WHERE l.is_closing AND l.market_type = 'moneyline'
),
best AS (
    SELECT DISTINCT ON (side) side, price, name
    FROM closing
    ORDER BY side, decimal_price DESC, name
),
consensus AS (
    SELECT avg(1 / h.decimal_price / (1 / h.decimal_price + 1 / a.decimal_price)) AS probability
    FROM closing AS h
    JOIN closing AS a USING (sportsbook_id)
    WHERE h.side = 'home' AND a.side = 'away'
)
SELECT home.name AS home, away.name AS away, g.game_date, g.home_score, g.away_score,
    h.price AS home_price, h.name AS home_book, a.price AS away_price, a.name AS away_book,
    consensus.probability AS home_probability
FROM game
JOIN curated.enhanced_games AS g USING (game_id)
JOIN curated.teams AS home ON home.team_id = g.home_team_id
JOIN curated.teams AS away ON away.team_id = g.away_team_id
JOIN best AS h ON h.side = 'home'
JOIN best AS a ON a.side = 'away'
CROSS JOIN consensus
