-- The arbitrage of the games of the batch.
TRUNCATE pg_temp.stored_arbitrage;

INSERT INTO pg_temp.stored_arbitrage
SELECT *
FROM curated.arbitrage_opportunities
WHERE game_id IN (SELECT game_id FROM promoted_game UNION SELECT game_id FROM live_game);

ANALYZE pg_temp.stored_arbitrage
