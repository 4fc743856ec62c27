-- drop: VIEW performance_monitoring.wraparound_headroom
-- How near each database, and each table of this one with its TOAST, is to the end of transaction
-- ids: PostgreSQL stops taking writes three million before 2^31. used_ratio is 0 to 1 of the way
-- there; ratio_to_forced_vacuum is 1 where autovacuum freezes the table whether it may run or not.
CREATE VIEW performance_monitoring.wraparound_headroom WITH (security_invoker = true) AS
SELECT
    x.scope,
    x.object_name,
    x.xid_age,
    x.multixact_age,
    2144483648 - greatest(x.xid_age, x.multixact_age) AS ids_left,
    round(greatest(x.xid_age, x.multixact_age) / 2144483648.0, 4) AS used_ratio,
    round(greatest(
        x.xid_age / current_setting('autovacuum_freeze_max_age')::numeric,
        x.multixact_age / current_setting('autovacuum_multixact_freeze_max_age')::numeric
    ), 3) AS ratio_to_forced_vacuum
FROM (
    SELECT
        'database' AS scope, d.datname::text AS object_name,
        age(d.datfrozenxid)::bigint AS xid_age, mxid_age(d.datminmxid)::bigint AS multixact_age
    FROM pg_database AS d
    UNION ALL
    SELECT 'table', format('%I.%I', n.nspname, c.relname),
        greatest(age(c.relfrozenxid), age(t.relfrozenxid)),
        greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid))
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
) AS x
ORDER BY used_ratio DESC, x.scope, x.object_name;

COMMENT ON VIEW performance_monitoring.wraparound_headroom IS
    'Age of transaction ids and multixacts of databases and tables, against their end';
GRANT SELECT ON performance_monitoring.wraparound_headroom TO pg_monitor;
