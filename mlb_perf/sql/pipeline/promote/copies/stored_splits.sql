-- The splits of the games of the batch.
TRUNCATE pg_temp.stored_splits;

INSERT INTO pg_temp.stored_splits
SELECT *
FROM curated.unified_betting_splits
WHERE game_id IN (SELECT game_id FROM promoted_game UNION SELECT game_id FROM live_game);

ANALYZE pg_temp.stored_splits
