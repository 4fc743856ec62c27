-- The Odds API: an event names its teams and its start. Where its times are seconds since 1970, all
-- of them are.
SELECT 'odds_api', 'odds_api', r.external_game_id, r.collected_at,
    payload ->> 'home_team', payload ->> 'away_team',
    CASE jsonb_typeof(payload #> '{bookmakers,0,last_update}')
        WHEN 'number' THEN pg_temp.as_unix_or_moment(payload ->> 'commence_time')
        ELSE pg_temp.as_moment(payload ->> 'commence_time')
    END, NULL::date, NULL::integer,
    NULL::text, NULL, NULL::text, NULL::integer, NULL::integer,
    NULL::timestamptz, NULL::timestamptz,
    CASE WHEN payload ->> 'sport_key' LIKE '%preseason' THEN 'spring' END, NULL, NULL,
    payload ->> 'sport_key'
FROM {rows} AS r
WHERE r.processed_at IS NULL
