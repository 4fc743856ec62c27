DO $each$
DECLARE
    each_statement text;
BEGIN
    FOR each_statement IN
{query}
    LOOP
        EXECUTE each_statement;
    END LOOP;
END
$each$
