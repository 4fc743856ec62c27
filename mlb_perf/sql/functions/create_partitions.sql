-- drop: FUNCTION performance_monitoring.create_partitions(text, text, text, integer)
-- Makes the partitions that a table lacks from this month, week or day (UTC) to months_ahead of them
-- later, and answers those that it made. What is covered already is left as it is, whoever made it; a month
-- that is covered in part gets the rest of it. Each is a table of its own with the parent's
-- columns, checks, indexes and tablespaces, attached when all is there: ATTACH builds and scans
-- nothing, and its SHARE UPDATE EXCLUSIVE lock on the parent keeps neither readers nor writers out.
-- Callers at the same time wait for each other. Runs with the rights of the caller, who must own the table.
CREATE FUNCTION performance_monitoring.create_partitions(
    schema_name text, table_name text, period text, months_ahead integer
)
RETURNS TABLE (partition regclass, range_start timestamptz, range_end timestamptz)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $function$
DECLARE
    parent CONSTANT regclass := to_regclass(format('%I.%I', schema_name, table_name));
    step CONSTANT interval := ('1 ' || period)::interval;
    this_month CONSTANT timestamptz := date_trunc(period, now());
    suffix text;
    base text;
    leaf text;
    parent_owner name;
    key_is_date boolean;
    options text;
    place text;
    grant_text text;
BEGIN
    IF period IS NULL OR period NOT IN ('month', 'week', 'day') THEN
        RAISE EXCEPTION 'the period is %, not month, week or day', quote_nullable(period)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF months_ahead IS NULL OR months_ahead NOT BETWEEN 0 AND 240 THEN
        RAISE EXCEPTION 'months_ahead is %, not a number from 0 to 240', coalesce(months_ahead::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF parent IS NULL THEN
        RAISE EXCEPTION 'there is no table %', format('%I.%I', schema_name, table_name)
            USING ERRCODE = 'undefined_table', HINT = 'Give schema and name as they are, without quotes.';
    END IF;
    SELECT a.atttypid = 'date'::regtype, pg_get_userbyid(c.relowner) INTO key_is_date, parent_owner
    FROM pg_partitioned_table AS p
    JOIN pg_class AS c ON c.oid = p.partrelid
    JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = parent AND p.partstrat = 'r' AND p.partnatts = 1
        AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype);
    IF NOT FOUND THEN
        RAISE EXCEPTION '% is not partitioned by range of one date or timestamptz column', parent
            USING ERRCODE = 'wrong_object_type';
    END IF;

    -- Where nothing is missing, which needs no right on the table, there is nothing to do.
    IF tstzmultirange(tstzrange(this_month, this_month + step * (months_ahead + 1))) <@ (
        SELECT range_agg(tstzrange(r.range_start, r.range_end))
        FROM performance_monitoring.range_partitions(parent) AS r
        WHERE NOT r.is_default
    ) THEN
        RETURN;
    END IF;
    -- The lock that ATTACH takes, before looking again at what is there.
    EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', parent);

    FOR range_start, range_end IN
        SELECT greatest(lower(gap), month_start), least(upper(gap), month_start + step)
        FROM unnest(
            tstzmultirange(tstzrange(this_month, this_month + step * (months_ahead + 1)))
            - coalesce(
                (
                    SELECT range_agg(tstzrange(r.range_start, r.range_end))
                    FROM performance_monitoring.range_partitions(parent) AS r
                    WHERE NOT r.is_default
                ),
                '{}'
            )
        ) AS gap
        CROSS JOIN LATERAL generate_series(
            date_trunc(period, lower(gap)), upper(gap) - interval '1 microsecond', step
        ) AS month_start
        ORDER BY 1
    LOOP
        suffix := CASE
            WHEN (range_start, range_end) = (date_trunc('month', range_start), date_trunc('month', range_start) + interval '1 month')
                THEN to_char(range_start, '_YYYY_MM')
            WHEN (range_start, range_end) = (date_trunc('week', range_start), date_trunc('week', range_start) + interval '1 week')
                THEN to_char(range_start, '_IYYY"_w"IW')
            WHEN (range_start, range_end) = (date_trunc('day', range_start), date_trunc('day', range_start) + interval '1 day')
                THEN to_char(range_start, '_YYYY_MM_DD')
            ELSE to_char(range_start, '_YYYY_MM_from_DD')
                || CASE WHEN range_start = date_trunc('day', range_start) THEN ''
                    ELSE to_char(range_start, '_HH24MI') END
            END;
        -- A name has 63 bytes; the month is kept, and what tells two long names apart.
        base := table_name;
        IF octet_length(base || suffix) > 63 THEN
            WHILE octet_length(base || suffix) > 54 LOOP
                base := left(base, -1);
            END LOOP;
            base := base || '_' || left(encode(sha256(convert_to(table_name, 'UTF8')), 'hex'), 8);
        END IF;
        leaf := format('%I.%I', schema_name, base || suffix);
        IF to_regclass(leaf) IS NOT NULL THEN
            RAISE EXCEPTION '% is the name of another relation, and that month of % has no partition', leaf, parent
                USING ERRCODE = 'duplicate_table', HINT = 'Rename it, or attach it if it holds that month.';
        END IF;

        SELECT array_to_string(c.reloptions, ', ') INTO options
        FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = parent AND c.relkind = 'r' ORDER BY c.oid DESC LIMIT 1;
        -- The parent's tablespace, or that of the newest partition, as mlb-perf partitions does.
        SELECT format(' TABLESPACE %I', s.spcname) INTO place
        FROM pg_class AS c JOIN pg_tablespace AS s ON s.oid = c.reltablespace
        WHERE c.oid = parent
            OR c.oid = (
                SELECT max(x.oid) FROM pg_inherits AS i JOIN pg_class AS x ON x.oid = i.inhrelid
                WHERE i.inhparent = parent AND x.relkind = 'r'
            )
        ORDER BY c.oid <> parent LIMIT 1;
        EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)', leaf, parent)
            || coalesce(' WITH (' || options || ')', '') || coalesce(place, '');
        IF parent_owner <> current_user THEN
            EXECUTE format('ALTER TABLE %s OWNER TO %I', leaf, parent_owner);
        END IF;
        -- Whoever may read the parent may read the partition itself, as tools of copies do.
        FOR grant_text IN
            SELECT format('GRANT %s ON TABLE %s TO %s%s', string_agg(x.privilege_type, ', '), leaf,
                CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
                CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_class AS c
            CROSS JOIN aclexplode(c.relacl) AS x
            WHERE c.oid = parent AND x.grantee <> c.relowner
            GROUP BY x.grantee, x.is_grantable
        LOOP
            EXECUTE grant_text;
        END LOOP;
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, leaf,
            CASE WHEN key_is_date THEN range_start::date::text ELSE range_start::text END,
            CASE WHEN key_is_date THEN range_end::date::text ELSE range_end::text END);
        partition := leaf::regclass;
        RETURN NEXT;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.create_partitions(text, text, text, integer) IS
    'Makes the partitions by month, week or day that a table lacks, from now to so many ahead';
REVOKE ALL ON FUNCTION performance_monitoring.create_partitions(text, text, text, integer) FROM PUBLIC;
