-- All rows of past lines of the games of the batch.
TRUNCATE pg_temp.line_history;

INSERT INTO pg_temp.line_history
SELECT *
FROM raw_data.line_history
WHERE external_game_id IN (SELECT external_game_id FROM batch);

ANALYZE pg_temp.line_history
