-- From the covering index of closing lines alone, once the table is vacuumed.
SELECT game_date, game_id,
    avg(1 / decimal_price) FILTER (WHERE side = 'home') AS home_probability,
    avg(1 / decimal_price) FILTER (WHERE side = 'away') AS away_probability,
    count(DISTINCT sportsbook_id) AS books
FROM curated.betting_lines_unified
WHERE is_closing
  AND market_type = 'moneyline'
  AND game_date >= CAST(:from_date AS date)
  AND game_date < CAST(:to_date AS date)
GROUP BY game_date, game_id
