-- The batch is rows {first} to {last} of what was claimed, which is kept aside.
INSERT INTO claimed SELECT * FROM batch WHERE NOT EXISTS (SELECT 1 FROM claimed);

DELETE FROM batch;
DELETE FROM batch_game;
DELETE FROM quote;
DELETE FROM judged;
DELETE FROM split;
DELETE FROM judged_split;
DELETE FROM book;
DELETE FROM rejection;
DELETE FROM matched;
DELETE FROM rematched;
DELETE FROM turned;
DELETE FROM live_game;
DELETE FROM staged_total;
DELETE FROM staged_quote;
DELETE FROM staged_split;
DELETE FROM standing;
DELETE FROM late_path;
DELETE FROM appended;
DELETE FROM path;
DELETE FROM moved;
DELETE FROM strong_move;
DELETE FROM movement_total;
DELETE FROM promoted_game;
DELETE FROM line;
DELETE FROM movement;
DELETE FROM arbitrage;
DELETE FROM market;
DELETE FROM stale_line;
DELETE FROM stale_movement;
DELETE FROM stale_arbitrage;
DELETE FROM stale_market;
DELETE FROM turned_ready;

INSERT INTO batch SELECT * FROM claimed WHERE raw_id BETWEEN {first} AND {last}
