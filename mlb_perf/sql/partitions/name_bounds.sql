DO $bounds$
DECLARE
    found name;
BEGIN
    -- A concurrent detach leaves a CHECK of the bounds, whose name it chooses; older ones stay.
    SELECT conname INTO found FROM pg_constraint
    WHERE conrelid = {leaf}::regclass AND contype = 'c' AND conname <> ALL ({known})
    ORDER BY oid DESC LIMIT 1;
    IF found IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO {bounds}', {leaf}::regclass, found);
    END IF;
END
$bounds$
