-- All teams: Citus updates no temporary table from a join with a table of its own.
TRUNCATE pg_temp.teams;

INSERT INTO pg_temp.teams
SELECT * FROM curated.teams
