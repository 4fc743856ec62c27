-- drop: FUNCTION performance_monitoring.analyze_due(double precision)
-- The tables of the package whose statistics are due: those never analyzed that hold rows, those of
-- which more than changed_share was written since, and partitioned tables, which autovacuum never
-- analyzes, where a partition is due or was analyzed an hour or more after them: ANALYZE of the
-- partitioned table does its partitions a moment after it. The statement does what is due.
--
-- Before PostgreSQL 18 ANALYZE of a partitioned table reads its partitions too, so they are left out.
CREATE FUNCTION performance_monitoring.analyze_due(changed_share double precision DEFAULT 0.05)
RETURNS TABLE (object_name text, is_partitioned boolean, rows_changed bigint, is_allowed boolean, statement text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    WITH tables AS (
        SELECT
            c.oid, c.relkind, c.relowner, c.relnamespace, format('%I.%I', n.nspname, c.relname) AS name,
            coalesce(pg_partition_root(c.oid)::oid, c.oid) AS root,
            greatest(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) AS analyzed,
            pg_stat_get_mod_since_analyze(c.oid) AS changed,
            c.reltuples < 0 AND pg_relation_size(c.oid) > 0
                OR pg_stat_get_mod_since_analyze(c.oid) > greatest(c.reltuples, 0) * changed_share AS is_due
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname IN (
            'raw_data', 'staging', 'curated', 'analytics', 'operational', 'performance_monitoring')
    ),
    parents AS (
        SELECT p.oid, p.name, p.relowner, p.relnamespace, sum(l.changed)::bigint AS changed
        FROM tables AS p
        JOIN tables AS l ON l.root = p.oid AND l.relkind <> 'p'
        WHERE p.relkind = 'p' AND p.oid = p.root
        GROUP BY p.oid, p.name, p.relowner, p.relnamespace, p.analyzed
        HAVING bool_or(l.is_due) OR max(l.analyzed) > p.analyzed + interval '1 hour'
            OR p.analyzed IS NULL AND bool_or(l.analyzed IS NOT NULL)
    ),
    due AS (
        SELECT p.oid, p.name, p.relowner, p.relnamespace, true AS is_partitioned, p.changed, format('ANALYZE (SKIP_LOCKED) %s%s',
            CASE WHEN v.number >= 180000 THEN 'ONLY ' ELSE '' END, p.name) AS statement
        FROM parents AS p, (SELECT current_setting('server_version_num')::integer AS number) AS v
        UNION ALL
        SELECT t.oid, t.name, t.relowner, t.relnamespace, false, t.changed, 'ANALYZE (SKIP_LOCKED) ' || t.name
        FROM tables AS t
        WHERE t.is_due AND t.relkind <> 'p' AND (
            current_setting('server_version_num')::integer >= 180000
            OR t.root NOT IN (SELECT p.oid FROM parents AS p))
    )
    SELECT d.name, d.is_partitioned, d.changed,
        -- ANALYZE only warns where it is not allowed. MAINTAIN came with PostgreSQL 17.
        has_schema_privilege(d.relnamespace, 'USAGE') AND (
            pg_has_role(d.relowner, 'USAGE')
            OR pg_has_role((SELECT b.datdba FROM pg_database AS b WHERE b.datname = current_database()), 'USAGE')
            OR CASE WHEN current_setting('server_version_num')::integer >= 170000
                THEN has_table_privilege(d.oid, 'MAINTAIN') ELSE false END),
        d.statement
    FROM due AS d
    ORDER BY d.is_partitioned, d.name
$function$;

COMMENT ON FUNCTION performance_monitoring.analyze_due(double precision) IS
    'The tables whose statistics are due, and the statement that renews them';
REVOKE ALL ON FUNCTION performance_monitoring.analyze_due(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.analyze_due(double precision) TO pg_monitor;
