-- The batch is rows {first} to {last} of what was claimed, which is kept aside.
INSERT INTO claimed SELECT * FROM batch WHERE NOT EXISTS (SELECT FROM claimed);

DELETE FROM batch;
DELETE FROM quote;
DELETE FROM judged;
DELETE FROM split;
DELETE FROM judged_split;
DELETE FROM book;
DELETE FROM rejection;
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

INSERT INTO batch SELECT * FROM claimed WHERE raw_id BETWEEN {first} AND {last}
