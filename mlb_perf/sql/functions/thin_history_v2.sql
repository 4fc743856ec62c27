-- drop: FUNCTION performance_monitoring.thin_history(interval, interval)
-- Forget snapshots older than keep, and of those older than full_detail all but the first of each
-- hour; the number of rows that were deleted.
CREATE FUNCTION performance_monitoring.thin_history(
    full_detail interval DEFAULT '2 days', keep interval DEFAULT '90 days'
)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    history text;
    some_rows bigint;
    all_rows bigint := 0;
BEGIN
    FOREACH history IN ARRAY ARRAY['table_history', 'index_history', 'query_history', 'status_history'] LOOP
        EXECUTE format(
            'DELETE FROM performance_monitoring.%I AS h
            WHERE h.captured_at < now() - $2 OR h.captured_at < now() - $1 AND h.captured_at NOT IN (
                SELECT min(f.captured_at) FROM performance_monitoring.%I AS f
                WHERE f.captured_at < now() - $1
                GROUP BY date_trunc(''hour'', f.captured_at, ''UTC''))', history, history
        ) USING full_detail, keep;
        GET DIAGNOSTICS some_rows = ROW_COUNT;
        all_rows := all_rows + some_rows;
    END LOOP;
    RETURN all_rows;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.thin_history(interval, interval) IS
    'Keep every snapshot of the last days, one an hour of the months before, and forget the rest';
REVOKE ALL ON FUNCTION performance_monitoring.thin_history(interval, interval) FROM PUBLIC;
