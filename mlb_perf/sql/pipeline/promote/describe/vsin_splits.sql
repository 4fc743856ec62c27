-- Split rows: the game's id is MLB StatsAPI's; the start is New York's time
-- without saying so (1:20 PM in Chicago stands as 14:20).
SELECT lower(btrim(payload ->> 'source')), 'mlb_stats_api', r.external_game_id, r.collected_at,
    payload ->> 'home_team', payload ->> 'away_team',
    CASE WHEN payload ->> 'game_datetime' ~ '(Z|[+-][0-9]{2}:?[0-9]{2})$'
        THEN pg_temp.as_moment(payload ->> 'game_datetime')
        ELSE pg_temp.as_moment(payload ->> 'game_datetime') AT TIME ZONE 'UTC'
            AT TIME ZONE 'America/New_York'
    END, NULL::date, NULL::integer,
    NULL::text, NULL, NULL::text, NULL::integer, NULL::integer,
    NULL::timestamptz, NULL::timestamptz, NULL, NULL, NULL, NULL
FROM {rows} AS r
WHERE r.processed_at IS NULL
