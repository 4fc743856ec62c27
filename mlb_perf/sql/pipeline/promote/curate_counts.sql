-- How often each market of the games changed, over all books; both sides of a market
-- that move at once are one change.
INSERT INTO movement_total
SELECT m.game_id, m.market_type, count(DISTINCT (m.sportsbook_id, m.source, m.moved_at))
FROM {stored_movements} AS m
JOIN promoted_game AS g ON g.game_id = m.game_id AND g.game_date = m.game_date
GROUP BY m.game_id, m.market_type
