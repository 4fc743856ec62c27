-- Descriptions of which no game is known.
TRUNCATE pg_temp.unresolved_games;

INSERT INTO pg_temp.unresolved_games
SELECT *
FROM staging.games
WHERE game_id IS NULL
