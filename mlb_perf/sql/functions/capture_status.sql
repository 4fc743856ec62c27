-- drop: FUNCTION performance_monitoring.capture_status(timestamptz)
-- Write the figures of status that no other table keeps into status_history: blocks that the cache
-- had and had not, since the statistics' reset; rows and games that wait; the age of each feed.
-- What this role may not read, and the grant for it; NULL if all was written.
CREATE FUNCTION performance_monitoring.capture_status(moment timestamptz)
RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO performance_monitoring.status_history AS h (captured_at, figure, object_name, value)
    SELECT moment, c.figure, '', c.value
    FROM pg_stat_database AS d
    CROSS JOIN LATERAL (VALUES
        ('cache_hit_blocks', d.blks_hit), ('cache_read_blocks', d.blks_read)
    ) AS c (figure, value)
    WHERE d.datname = current_database();

    INSERT INTO performance_monitoring.status_history AS h (captured_at, figure, object_name, value)
    SELECT moment, 'waiting_rows', r.raw_table, r.hot_rows FROM performance_monitoring.hot_rows AS r
    UNION ALL
    SELECT moment, 'waiting_games', '', b.waiting_games FROM performance_monitoring.curation_backlog AS b
    UNION ALL
    SELECT moment, 'feed_age_seconds', t.raw_table, extract(epoch FROM clock_timestamp() - newest.collected_at)
    FROM (VALUES
        ('action_network_games'), ('action_network_history'), ('action_network_odds'),
        ('mlb_stats_api_games'), ('odds_api_odds'), ('sbd_splits'), ('vsin_splits')
    ) AS t (raw_table)
    CROSS JOIN LATERAL (
        SELECT r.collected_at FROM performance_monitoring.raw_rows AS r
        WHERE r.raw_table = t.raw_table AND r.collected_at <= now()
        ORDER BY r.collected_at DESC
        LIMIT 1
    ) AS newest;
    RETURN NULL;
EXCEPTION
    WHEN insufficient_privilege THEN
        RETURN format('cache hits, queues and feeds are not in status_history: %s; a superuser can: '
            'GRANT pg_monitor TO %I', SQLERRM, current_user);
END
$function$;

COMMENT ON FUNCTION performance_monitoring.capture_status(timestamptz) IS
    'Write cache hits, queues and the age of feeds into status_history';
REVOKE ALL ON FUNCTION performance_monitoring.capture_status(timestamptz) FROM PUBLIC;
