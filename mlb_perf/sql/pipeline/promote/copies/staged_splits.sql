-- The staged splits of the games of the batch.
TRUNCATE pg_temp.staged_splits;

INSERT INTO pg_temp.staged_splits
SELECT *
FROM staging.betting_splits
WHERE game_id IN (SELECT game_id FROM promoted_game UNION SELECT game_id FROM live_game);

ANALYZE pg_temp.staged_splits
