-- The movements of the games of the batch.
TRUNCATE pg_temp.stored_movements;

INSERT INTO pg_temp.stored_movements
SELECT *
FROM curated.line_movements
WHERE game_id IN (SELECT game_id FROM promoted_game UNION SELECT game_id FROM live_game);

ANALYZE pg_temp.stored_movements
