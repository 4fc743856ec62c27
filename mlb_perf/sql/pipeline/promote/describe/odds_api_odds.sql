-- The Odds API: an event names its teams and its start.
SELECT 'odds_api', 'odds_api', r.external_game_id, r.collected_at,
    payload ->> 'home_team', payload ->> 'away_team',
    pg_temp.as_moment(payload ->> 'commence_time'), NULL::date, NULL::integer,
    NULL::text, NULL::text, NULL::integer, NULL::integer
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL
