-- drop: FUNCTION performance_monitoring.create_partitions_ahead()
-- Makes the partitions that each table with a policy lacks, and answers those that it made: the job
-- `partitions`. A policy whose table is not there, or not partitioned by time, has no effect. Runs
-- with the rights of the caller, who must own the tables.
CREATE FUNCTION performance_monitoring.create_partitions_ahead()
RETURNS TABLE (partition regclass, range_start timestamptz, range_end timestamptz)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    policy record;
BEGIN
    FOR policy IN
        SELECT p.schema_name, p.table_name, p.strategy, coalesce(p.months_ahead, 0) AS months_ahead
        FROM performance_monitoring.partition_policies AS p
        JOIN pg_namespace AS n ON n.nspname = p.schema_name
        JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = p.table_name AND c.relkind = 'p'
        JOIN pg_partitioned_table AS t ON t.partrelid = c.oid AND t.partstrat = 'r'
        WHERE p.strategy IN ('month', 'week', 'day')
        ORDER BY p.schema_name, p.table_name
    LOOP
        RETURN QUERY SELECT m.partition, m.range_start, m.range_end
        FROM performance_monitoring.create_partitions(
            policy.schema_name, policy.table_name, policy.strategy, policy.months_ahead) AS m;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.create_partitions_ahead() IS
    'Makes the partitions that each table with a policy lacks';
REVOKE ALL ON FUNCTION performance_monitoring.create_partitions_ahead() FROM PUBLIC;
