DO $refuse$
DECLARE
    found text;
BEGIN
    SELECT string_agg(u.name, ', ' ORDER BY u.name) INTO found
    FROM (
{query}
    ) AS u (name);
    IF found IS NOT NULL THEN
        RAISE EXCEPTION '% has, or is needed by, %', {table}, found
            USING ERRCODE = 'dependent_objects_still_exist',
                HINT = 'A rebuild within one transaction cannot re-create that. Drop it, run again, and re-create it.';
    END IF;
END
$refuse$
