-- drop: FUNCTION performance_monitoring.capture_status(timestamptz)
-- Write the figures of status that no other table keeps into status_history: blocks that the cache
-- had and had not, since the statistics' reset; rows and games that wait; the age of each feed.
CREATE FUNCTION performance_monitoring.capture_status(moment timestamptz)
RETURNS bigint
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
    WITH written AS (
        INSERT INTO performance_monitoring.status_history AS h (captured_at, figure, object_name, value)
        SELECT moment, f.figure, f.object_name, f.value
        FROM (
            SELECT c.figure, '' AS object_name, c.value::double precision AS value
            FROM pg_stat_database AS d
            CROSS JOIN LATERAL (VALUES
                ('cache_hit_blocks', d.blks_hit), ('cache_read_blocks', d.blks_read)
            ) AS c (figure, value)
            WHERE d.datname = current_database()
            UNION ALL
            SELECT 'waiting_rows', r.raw_table, r.hot_rows FROM performance_monitoring.hot_rows AS r
            UNION ALL
            SELECT 'waiting_games', '', b.waiting_games FROM performance_monitoring.curation_backlog AS b
            UNION ALL
            SELECT 'feed_age_seconds', a.raw_table, extract(epoch FROM a.age)
            FROM performance_monitoring.feed_freshness AS a
        ) AS f
        RETURNING 1
    )
    SELECT count(*) FROM written
$function$;

COMMENT ON FUNCTION performance_monitoring.capture_status(timestamptz) IS
    'Write cache hits, queues and the age of feeds into status_history';
REVOKE ALL ON FUNCTION performance_monitoring.capture_status(timestamptz) FROM PUBLIC;
