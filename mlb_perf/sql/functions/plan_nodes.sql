-- drop: FUNCTION performance_monitoring.plan_nodes(jsonb)
-- The nodes of a plan, as EXPLAIN (VERBOSE, FORMAT JSON) gives it, a row each; tables and indexes
-- are named as schema.name, a partition's by those of the partitioned table.
CREATE FUNCTION performance_monitoring.plan_nodes(plan jsonb)
RETURNS TABLE (depth integer, node_type text, details text, relation_name text, index_name text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
    WITH RECURSIVE nodes (depth, node, schema_name) AS (
        SELECT 0, plan -> 0 -> 'Plan', plan -> 0 -> 'Plan' ->> 'Schema'
        UNION ALL
        -- A bitmap index scan does not say its schema; the heap scan above it does.
        SELECT n.depth + 1, child.node, coalesce(child.node ->> 'Schema', n.schema_name)
        FROM nodes AS n
        CROSS JOIN LATERAL jsonb_array_elements(n.node -> 'Plans') AS child (node)
    ),
    named AS (
        SELECT n.depth, n.node, r.oid AS relation, i.oid AS index
        FROM nodes AS n
        -- Not to_regclass(), which fails in a schema that the caller reaches by a view alone.
        LEFT JOIN pg_namespace AS s ON s.nspname = n.schema_name
        LEFT JOIN pg_class AS r ON r.relnamespace = s.oid AND r.relname = n.node ->> 'Relation Name'
        LEFT JOIN pg_class AS i ON i.relnamespace = s.oid AND i.relname = n.node ->> 'Index Name'
    )
    SELECT
        n.depth,
        n.node ->> 'Node Type',
        concat_ws(' ', n.node ->> 'Parent Relationship', n.node ->> 'Join Type',
            n.node ->> 'Strategy', n.node ->> 'Partial Mode', n.node ->> 'Subplan Name'),
        (
            SELECT format('%s.%I', c.relnamespace::regnamespace, c.relname)
            FROM pg_class AS c WHERE c.oid = coalesce(pg_partition_root(n.relation), n.relation)
        ),
        (
            SELECT format('%s.%I', c.relnamespace::regnamespace, c.relname)
            FROM pg_class AS c WHERE c.oid = coalesce(pg_partition_root(n.index), n.index)
        )
    FROM named AS n
$function$;

COMMENT ON FUNCTION performance_monitoring.plan_nodes(jsonb) IS
    'The nodes of a plan in JSON, with tables and indexes rolled up over partitions';
REVOKE ALL ON FUNCTION performance_monitoring.plan_nodes(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.plan_nodes(jsonb) TO pg_monitor;
