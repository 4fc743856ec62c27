-- Writes the rows that differed, as the table has them now. FOR UPDATE waits for a session that is
-- writing such a row; a later write goes through the trigger.

INSERT INTO {shadow} ({columns})
SELECT {values}
FROM {live} AS r
WHERE ({key_r}) IN (SELECT {key} FROM mlb_perf_differ)
FOR UPDATE OF r
ON CONFLICT ({key}) DO UPDATE SET {assignments}
