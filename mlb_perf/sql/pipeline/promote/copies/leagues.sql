-- All leagues: Citus updates no temporary table from a join with a table of its own.
TRUNCATE pg_temp.leagues;

INSERT INTO pg_temp.leagues
SELECT * FROM curated.leagues
