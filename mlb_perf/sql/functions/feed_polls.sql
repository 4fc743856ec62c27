-- drop: FUNCTION performance_monitoring.feed_polls(text, boolean)
-- When a raw table's feed spoke, for the view feed_freshness: its last 21 polls by place, at least a
-- minute apart, and its newest row of each of the last 7 days before this time of day by past. A
-- function, because Citus takes no recursion over its tables. With an index on collected_at each row
-- is one look-up; without one the table is read once.
CREATE FUNCTION performance_monitoring.feed_polls(feed text, is_indexed boolean)
RETURNS TABLE (place integer, past integer, collected_at timestamptz, ingested_at timestamptz)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    newest CONSTANT text := format(
        'SELECT r.collected_at, r.ingested_at FROM raw_data.%I AS r WHERE r.collected_at <= $1'
        ' ORDER BY r.collected_at DESC LIMIT 1', feed
    );
    minutes CONSTANT text := format(
        'SELECT max(r.collected_at), max(r.ingested_at) FROM raw_data.%I AS r WHERE r.collected_at <= now()'
        ' GROUP BY date_trunc(''minute'', r.collected_at) ORDER BY 1 DESC', feed
    );
    at timestamptz := now();
    polls integer := 0;
    days integer := 0;
BEGIN
    IF is_indexed THEN
        FOR number IN 1..21 LOOP
            EXECUTE newest INTO collected_at, ingested_at USING at;
            EXIT WHEN collected_at IS NULL;
            place := number;
            at := collected_at - interval '1 min 1 us';
            RETURN NEXT;
        END LOOP;
        place := NULL;
        FOR day IN 1..7 LOOP
            EXECUTE newest INTO collected_at, ingested_at USING now() - make_interval(days => day);
            past := day;
            IF collected_at > now() - make_interval(days => day + 1) THEN
                RETURN NEXT;
            END IF;
        END LOOP;
        RETURN;
    END IF;
    FOR collected_at, ingested_at IN EXECUTE minutes LOOP
        past := floor(extract(epoch FROM now() - collected_at) / 86400);
        EXIT WHEN polls = 21 AND past > 7;
        IF polls < 21 AND collected_at <= at THEN
            polls := polls + 1;
            at := collected_at - interval '1 min 1 us';
            RETURN QUERY SELECT polls, NULL::integer, collected_at, ingested_at;
        END IF;
        IF past > days AND past <= 7 THEN
            days := past;
            RETURN QUERY SELECT NULL::integer, past, collected_at, ingested_at;
        END IF;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.feed_polls(text, boolean) IS
    'The last polls of a feed, and its newest row of each of the last 7 days';
