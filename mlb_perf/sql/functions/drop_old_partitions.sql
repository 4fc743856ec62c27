-- drop: FUNCTION performance_monitoring.drop_old_partitions(text, text, integer, boolean)
-- Retention of one table, by the real bounds of its partitions: those that end before the last
-- retain_months whole months go to the schema <schema>_graveyard, from which mlb-perf partitions
-- restore brings them back, and those that have rested there for the policy's graveyard_days are
-- dropped. Answers what it did, or with dry_run (the default) what it would do; nothing is done to
-- a table whose policy holds it. DETACH here is the plain form, which a function can run: ACCESS
-- EXCLUSIVE on the parent until the transaction ends, asked for during 2 s. The command line
-- detaches concurrently. Runs with the rights of the caller, who must own the table.
CREATE FUNCTION performance_monitoring.drop_old_partitions(
    schema_name text, table_name text, retain_months integer, dry_run boolean DEFAULT true
)
RETURNS TABLE (partition text, range_start timestamptz, range_end timestamptz, action text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
SET lock_timeout = '2s'
AS $function$
DECLARE
    parent CONSTANT regclass := to_regclass(format('%I.%I', schema_name, table_name));
    cutoff timestamptz;
    graveyard CONSTANT name := schema_name || '_graveyard';
    held boolean;
    leaf record;
    mark jsonb;
BEGIN
    IF retain_months IS NULL OR retain_months NOT BETWEEN 1 AND 1200 THEN
        RAISE EXCEPTION 'retain_months is %, not a number from 1 to 1200', coalesce(retain_months::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF dry_run IS NULL THEN
        RAISE EXCEPTION 'dry_run is NULL, not true or false' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF parent IS NULL THEN
        RAISE EXCEPTION 'there is no table %', format('%I.%I', schema_name, table_name)
            USING ERRCODE = 'undefined_table', HINT = 'Give schema and name as they are, without quotes.';
    END IF;
    cutoff := date_trunc('month', now()) - make_interval(months => retain_months);
    IF NOT dry_run THEN
        -- Citus refuses to create a schema after work on several connections, such as the LOCK.
        PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true);
        EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', parent);
    END IF;
    SELECT p.is_held INTO held
    FROM performance_monitoring.partition_policies AS p
    WHERE p.schema_name = drop_old_partitions.schema_name AND p.table_name = drop_old_partitions.table_name;

    FOR leaf IN
        SELECT r.*, obj_description(r.partition, 'pg_class') AS comment
        FROM performance_monitoring.range_partitions(parent) AS r
        WHERE r.range_end <= cutoff
    LOOP
        partition := leaf.partition::text;
        range_start := leaf.range_start;
        range_end := leaf.range_end;
        action := CASE WHEN held THEN 'held' WHEN leaf.is_pending THEN 'pending: run mlb-perf partitions detach'
            WHEN dry_run THEN 'would detach' ELSE 'detached' END;
        IF action = 'detached' THEN
            IF starts_with(leaf.comment, 'mlb_perf detached: {') THEN  -- begun by a command that was killed
                leaf.comment := substr(leaf.comment, length('mlb_perf detached: ') + 1)::jsonb ->> 'comment';
            END IF;
            mark := jsonb_build_object('schema', schema_name, 'table', table_name, 'start', range_start,
                'end', range_end, 'detached_at', now(), 'comment', leaf.comment, 'checks', '[]'::jsonb);
            EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, partition);
            EXECUTE format('COMMENT ON TABLE %s IS %L', partition, 'mlb_perf detached: ' || mark::text);
            IF to_regnamespace(quote_ident(graveyard)) IS NULL THEN
                EXECUTE format('CREATE SCHEMA %I', graveyard);
            END IF;
            EXECUTE format('ALTER TABLE %s SET SCHEMA %I', partition, graveyard);
        END IF;
        RETURN NEXT;
    END LOOP;

    FOR leaf IN
        SELECT format('%I.%I', d.schema_name, d.partition_name) AS name, d.*
        FROM performance_monitoring.detached_partitions AS d
        WHERE d.parent_schema = drop_old_partitions.schema_name
            AND d.parent_table = drop_old_partitions.table_name
            AND d.fault IS NULL AND d.state = 'resting' AND d.drop_after <= now() AND d.detached_at < now()
    LOOP
        partition := leaf.name;
        range_start := leaf.range_start;
        range_end := leaf.range_end;
        action := CASE WHEN leaf.is_held THEN 'held' WHEN dry_run THEN 'would drop' ELSE 'dropped' END;
        IF action = 'dropped' THEN
            EXECUTE format('DROP TABLE %s', leaf.name);
        END IF;
        RETURN NEXT;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.drop_old_partitions(text, text, integer, boolean) IS
    'Moves old monthly partitions to a graveyard, and drops those that have rested there long enough';
REVOKE ALL ON FUNCTION performance_monitoring.drop_old_partitions(text, text, integer, boolean) FROM PUBLIC;
