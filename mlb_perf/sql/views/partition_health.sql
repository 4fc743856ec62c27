-- drop: VIEW performance_monitoring.partition_health
-- What is wrong with the partitions of each table that has a policy, one row a problem, with what
-- to do; no row is health. Bounds are read as moments UTC, whatever the session's time zone.
CREATE VIEW performance_monitoring.partition_health WITH (security_invoker = true) AS
WITH tables AS (
    SELECT
        p.schema_name, p.table_name, p.strategy, p.months_ahead, p.hash_modulus, c.oid, c.reltuples,
        format('%I.%I', p.schema_name, p.table_name) AS name,
        p.strategy IN ('month', 'week', 'day') AS is_by_time,
        CASE WHEN p.strategy <> 'hash' THEN ('1 ' || p.strategy)::interval END AS step,
        CASE WHEN p.strategy <> 'hash' THEN date_trunc(p.strategy, now(), 'UTC') END AS this_month
    FROM performance_monitoring.partition_policies AS p
    -- Not to_regclass, which fails for a role without USAGE on the table's schema.
    JOIN pg_namespace AS n ON n.nspname = p.schema_name
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = p.table_name AND c.relkind = 'p'
),
ranges AS (
    SELECT t.*, r.partition, r.partition_name, r.range_start, r.range_end, r.is_default
    FROM tables AS t
    CROSS JOIN LATERAL performance_monitoring.range_partitions(t.oid) AS r
    WHERE t.is_by_time
),
covered AS (
    SELECT t.oid, coalesce(range_agg(tstzrange(r.range_start, r.range_end)) FILTER (WHERE NOT r.is_default), '{}') AS spans
    FROM tables AS t
    LEFT JOIN ranges AS r ON r.oid = t.oid
    WHERE t.is_by_time
    GROUP BY t.oid
),
leaves AS (
    SELECT t.schema_name, t.table_name, t.name, t.oid, t.reltuples AS parent_rows, l.oid AS leaf,
        l.relname AS partition_name, i.inhdetachpending,
        greatest(l.reltuples, s.n_live_tup, 0) AS live_rows
    FROM tables AS t
    JOIN pg_inherits AS i ON i.inhparent = t.oid
    JOIN pg_class AS l ON l.oid = i.inhrelid
    LEFT JOIN pg_stat_all_tables AS s ON s.relid = l.oid
),
problems AS (
    SELECT t.schema_name, t.table_name, NULL::name AS partition_name, 'months missing ahead' AS problem,
        format('nothing takes %s to %s', lower(gap) AT TIME ZONE 'UTC', upper(gap) AT TIME ZONE 'UTC') AS detail,
        format('mlb-perf partitions apply %s', t.name) AS remedy
    FROM tables AS t
    JOIN covered AS c ON c.oid = t.oid
    CROSS JOIN LATERAL unnest(
        tstzmultirange(tstzrange(t.this_month, t.this_month + t.step * (t.months_ahead + 1))) - c.spans
    ) AS gap
    UNION ALL
    SELECT t.schema_name, t.table_name, NULL, 'gap',
        format('nothing takes %s to %s', lower(gap) AT TIME ZONE 'UTC', upper(gap) AT TIME ZONE 'UTC'),
        format('mlb-perf partitions apply %s --from %s --to %s', t.name,
            to_char(lower(gap) AT TIME ZONE 'UTC', CASE t.strategy WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY-MM-DD' END),
            to_char((upper(gap) - interval '1 microsecond') AT TIME ZONE 'UTC',
                CASE t.strategy WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY-MM-DD' END))
    FROM tables AS t
    JOIN covered AS c ON c.oid = t.oid
    CROSS JOIN LATERAL unnest(
        tstzmultirange(tstzrange(lower(c.spans), least(upper(c.spans), t.this_month))) - c.spans
    ) AS gap
    WHERE NOT isempty(c.spans) AND lower(c.spans) < t.this_month
    UNION ALL
    SELECT r.schema_name, r.table_name, r.partition_name, 'bounds in another time zone',
        format('from %s to %s UTC', coalesce((r.range_start AT TIME ZONE 'UTC')::text, 'the beginning'),
            coalesce((r.range_end AT TIME ZONE 'UTC')::text, 'the end')),
        'it takes its rows, and the rest of its months gets partitions of its own; '
        || 'to fix it, detach it, and load its rows again'
    FROM ranges AS r
    WHERE r.range_start <> date_trunc(r.strategy, r.range_start, 'UTC')
        OR r.range_end <> date_trunc(r.strategy, r.range_end, 'UTC')
    UNION ALL
    SELECT r.schema_name, r.table_name, r.partition_name, 'default partition',
        'it hides missing months, is scanned by each attach, and forbids DETACH CONCURRENTLY',
        format('mlb-perf partitions spread %s -- moves its rows; then: ALTER TABLE %s DETACH PARTITION %s',
            r.name, r.name, r.partition)
    FROM ranges AS r
    WHERE r.is_default
    UNION ALL
    SELECT l.schema_name, l.table_name, l.partition_name, 'detach pending',
        'DETACH CONCURRENTLY was interrupted; until it is finished no other partition can go',
        CASE WHEN starts_with(obj_description(l.leaf, 'pg_class'), 'mlb_perf detached: {')
            THEN format('mlb-perf partitions detach %s', l.name)
            ELSE format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', l.name, l.leaf::regclass) END
    FROM leaves AS l
    WHERE l.inhdetachpending
    UNION ALL
    SELECT d.parent_schema, d.parent_table, d.partition_name, 'detach not finished',
        'it is detached, and not yet in the graveyard',
        format('mlb-perf partitions detach %I.%I', d.parent_schema, d.parent_table)
    FROM performance_monitoring.detached_partitions AS d
    WHERE d.state = 'detached' AND d.fault IS NULL
    UNION ALL
    SELECT d.schema_name, d.partition_name, NULL, 'mark not believed',
        d.fault || ', so it is neither restored nor dropped',
        format('read the table, then drop it, or remove the mark: COMMENT ON TABLE %I.%I IS NULL',
            d.schema_name, d.partition_name)
    FROM performance_monitoring.detached_partitions AS d
    WHERE d.fault IS NOT NULL
    UNION ALL
    SELECT l.schema_name, l.table_name, l.partition_name, 'index missing',
        format('%s has none for %s', l.leaf::regclass, x.indexrelid::regclass),
        'run the migration that was interrupted again (alembic upgrade head), or build it '
        || 'concurrently and ALTER INDEX ... ATTACH PARTITION'
    FROM leaves AS l
    JOIN pg_index AS x ON x.indrelid = l.oid
    WHERE NOT l.inhdetachpending AND NOT EXISTS (
        SELECT FROM pg_inherits AS h JOIN pg_index AS y ON y.indexrelid = h.inhrelid
        WHERE h.inhparent = x.indexrelid AND y.indrelid = l.leaf
    )
    UNION ALL
    SELECT t.schema_name, t.table_name, NULL, 'hash partitions missing',
        format('%s of %s are there', count(l.leaf), t.hash_modulus),
        'inserts fail for the others: run the migration that was interrupted again'
    FROM tables AS t
    LEFT JOIN leaves AS l ON l.oid = t.oid
    WHERE t.strategy = 'hash'
    GROUP BY t.schema_name, t.table_name, t.hash_modulus
    HAVING count(l.leaf) < t.hash_modulus
    UNION ALL
    -- Autovacuum analyzes partitions, never the parent, whose figures plan the joins.
    SELECT l.schema_name, l.table_name, NULL, 'stale statistics',
        format('the parent''s statistics say %s rows, its partitions have about %s',
            CASE WHEN l.parent_rows < 0 THEN 'nothing of' ELSE l.parent_rows::bigint::text END,
            sum(l.live_rows)::bigint),
        format('ANALYZE %s', l.name)
    FROM leaves AS l
    GROUP BY l.schema_name, l.table_name, l.name, l.oid, l.parent_rows
    HAVING sum(l.live_rows) > 0
        AND abs(sum(l.live_rows) - greatest(l.parent_rows, 0)) > 0.2 * sum(l.live_rows)
)
SELECT schema_name, table_name, partition_name, problem, detail, remedy
FROM problems
ORDER BY schema_name, table_name, problem, partition_name, detail;

COMMENT ON VIEW performance_monitoring.partition_health IS
    'What is wrong with the partitions of each table that has a policy, and what to do; none is health';
GRANT SELECT ON performance_monitoring.partition_health TO pg_monitor;
