-- drop: FUNCTION performance_monitoring.capture_snapshot(integer)
-- Write the sizes and the activity of all tables and indexes, rolled up over partitions, and the
-- max_statements statements that took most, into the history tables, and what capture_status()
-- adds. Takes no lock that anyone waits for. The history is thinned by thin_history(), which
-- run_maintenance() calls.
CREATE FUNCTION performance_monitoring.capture_snapshot(max_statements integer DEFAULT 200)
RETURNS TABLE (captured_at timestamptz, tables bigint, indexes bigint, statements bigint, duration_ms double precision, note text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    moment CONSTANT timestamptz := clock_timestamp();
BEGIN
    INSERT INTO performance_monitoring.table_history AS h (
        captured_at, schema_name, table_name, heap_bytes, toast_bytes, index_bytes, live_rows,
        dead_rows, rows_inserted, rows_updated, rows_deleted, sequential_scans, index_scans,
        last_vacuum_at, last_analyze_at
    )
    SELECT
        moment, n.nspname, r.relname, s.heap_bytes, s.toast_bytes, s.index_bytes, s.live_rows,
        s.dead_rows, s.inserted, s.updated, s.deleted, s.seq_scans, s.idx_scans, s.vacuumed, s.analyzed
    FROM (
        SELECT
            coalesce(pg_partition_root(t.relid)::oid, t.relid) AS root,
            coalesce(sum(pg_table_size(t.relid) - coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)), 0) AS heap_bytes,
            coalesce(sum(pg_total_relation_size(nullif(c.reltoastrelid, 0))), 0) AS toast_bytes,
            coalesce(sum(pg_indexes_size(t.relid)), 0) AS index_bytes,
            sum(t.n_live_tup) AS live_rows, sum(t.n_dead_tup) AS dead_rows,
            sum(t.n_tup_ins) AS inserted, sum(t.n_tup_upd) AS updated, sum(t.n_tup_del) AS deleted,
            coalesce(sum(t.seq_scan), 0) AS seq_scans, coalesce(sum(t.idx_scan), 0) AS idx_scans,
            max(greatest(t.last_vacuum, t.last_autovacuum)) AS vacuumed,
            max(greatest(t.last_analyze, t.last_autoanalyze)) AS analyzed
        FROM pg_stat_user_tables AS t
        JOIN pg_class AS c ON c.oid = t.relid
        WHERE c.relpersistence <> 't'
        GROUP BY 1
    ) AS s
    JOIN pg_class AS r ON r.oid = s.root
    JOIN pg_namespace AS n ON n.oid = r.relnamespace;
    GET DIAGNOSTICS tables = ROW_COUNT;

    IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
        -- With Citus a distributed table is empty here: its rows are in shards on other nodes.
        EXECUTE $sizes$
            UPDATE performance_monitoring.table_history AS h
            SET heap_bytes = s.table_bytes, toast_bytes = 0, index_bytes = s.total_bytes - s.table_bytes
            FROM (
                SELECT n.nspname, r.relname, sum(citus_table_size(t.relid)),
                    sum(citus_total_relation_size(t.relid))
                FROM pg_dist_partition AS p
                JOIN pg_class AS r ON r.oid = p.logicalrelid AND NOT r.relispartition
                JOIN pg_namespace AS n ON n.oid = r.relnamespace
                CROSS JOIN LATERAL (
                    SELECT r.oid::regclass AS relid WHERE r.relkind = 'r'
                    UNION ALL
                    SELECT l.relid FROM pg_partition_tree(r.oid) AS l WHERE r.relkind = 'p' AND l.isleaf
                ) AS t
                GROUP BY 1, 2
            ) AS s (schema_name, table_name, table_bytes, total_bytes)
            WHERE h.captured_at = $1 AND (h.schema_name, h.table_name) = (s.schema_name, s.table_name)
        $sizes$ USING moment;
    END IF;

    INSERT INTO performance_monitoring.index_history AS h (
        captured_at, schema_name, index_name, table_name, index_bytes, scans, entries_read, rows_fetched
    )
    SELECT moment, n.nspname, r.relname, t.relname, s.index_bytes, s.scans, s.entries_read, s.rows_fetched
    FROM (
        SELECT
            coalesce(pg_partition_root(i.indexrelid)::oid, i.indexrelid) AS root,
            coalesce(sum(pg_relation_size(i.indexrelid)), 0) AS index_bytes, sum(i.idx_scan) AS scans,
            sum(i.idx_tup_read) AS entries_read, sum(i.idx_tup_fetch) AS rows_fetched
        FROM pg_stat_user_indexes AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE c.relpersistence <> 't'
        GROUP BY 1
    ) AS s
    JOIN pg_class AS r ON r.oid = s.root
    JOIN pg_namespace AS n ON n.oid = r.relnamespace
    JOIN pg_index AS x ON x.indexrelid = s.root
    JOIN pg_class AS t ON t.oid = x.indrelid;
    GET DIAGNOSTICS indexes = ROW_COUNT;

    INSERT INTO performance_monitoring.query_history AS h (
        captured_at, query_id, role_name, query_text, calls, total_ms, mean_ms, stddev_ms, row_count,
        buffers_hit, buffers_read
    )
    SELECT moment, s.query_id, s.role_name, left(s.query_text, 2000), s.calls, s.total_ms, s.mean_ms,
        s.stddev_ms, s.row_count, s.buffers_hit, s.buffers_read
    FROM performance_monitoring.statement_statistics() AS s
    ORDER BY s.total_ms DESC
    LIMIT max_statements;
    GET DIAGNOSTICS statements = ROW_COUNT;

    captured_at := moment;
    note := nullif(concat_ws('; ', performance_monitoring.statement_statistics_gap(),
        performance_monitoring.capture_status(moment)), '');
    duration_ms := extract(epoch FROM clock_timestamp() - moment) * 1000;
    RETURN NEXT;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.capture_snapshot(integer) IS
    'Write sizes and activity of tables, indexes and statements into the history';
REVOKE ALL ON FUNCTION performance_monitoring.capture_snapshot(integer) FROM PUBLIC;
