-- The analysis of the games of the batch.
TRUNCATE pg_temp.stored_markets;

INSERT INTO pg_temp.stored_markets
SELECT *
FROM curated.ml_market_analysis
WHERE game_id IN (SELECT game_id FROM promoted_game UNION SELECT game_id FROM live_game);

ANALYZE pg_temp.stored_markets
