-- The batch is rows {first} to {last} of what was claimed, which is kept aside.
INSERT INTO claimed SELECT * FROM batch WHERE NOT EXISTS (SELECT FROM claimed);

DELETE FROM batch;
DELETE FROM quote;
DELETE FROM judged;
DELETE FROM split;
DELETE FROM judged_split;
DELETE FROM book;
DELETE FROM rejection;

INSERT INTO batch SELECT * FROM claimed WHERE raw_id BETWEEN {first} AND {last}
