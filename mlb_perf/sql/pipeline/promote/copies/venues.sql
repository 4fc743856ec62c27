-- All venues: Citus updates no temporary table from a join with a table of its own.
TRUNCATE pg_temp.venues;

INSERT INTO pg_temp.venues
SELECT * FROM curated.venues
