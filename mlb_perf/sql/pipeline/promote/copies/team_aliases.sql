-- All names of teams: Citus updates no temporary table from a join with a table of its own.
TRUNCATE pg_temp.team_aliases;

INSERT INTO pg_temp.team_aliases
SELECT * FROM staging.team_aliases
