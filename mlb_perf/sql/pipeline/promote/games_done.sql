-- Empty for the next raw table.
DELETE FROM description;
DELETE FROM event;
DELETE FROM matched;
DELETE FROM rematched
