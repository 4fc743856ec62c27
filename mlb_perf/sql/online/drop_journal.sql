DO $do$
DECLARE
    unfinished text;
BEGIN
    SELECT string_agg(format('%s.%s', schema_name, table_name), ', ') INTO unfinished
    FROM {rebuilds} WHERE phase NOT IN ('swapped', 'finished');
    IF unfinished IS NOT NULL THEN
        RAISE EXCEPTION 'the rebuild of % is unfinished; finish its revision first', unfinished
            USING ERRCODE = '55000';
    END IF;
END $do$;

DROP TABLE {rebuilds};
DROP TABLE {log};

DO $do$ BEGIN
    IF obj_description(to_regnamespace({name}), 'pg_namespace') = 'The journal of mlb_perf.online'
        AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace({name}))
    THEN
        DROP SCHEMA {schema};
    END IF;
END $do$;
