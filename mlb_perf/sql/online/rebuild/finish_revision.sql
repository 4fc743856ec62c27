-- The tables that a revision rebuilt are finished with the revision, in its transaction.

UPDATE {rebuilds} AS r
SET phase = 'finished',
    updated_at = clock_timestamp()
WHERE r.revision = :revision
    AND r.direction = :direction
    AND r.phase = 'swapped'
