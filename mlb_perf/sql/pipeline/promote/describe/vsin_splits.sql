-- Split rows: the game's id is MLB StatsAPI's, the time is UTC without saying so.
SELECT pg_temp.folded(payload ->> 'source'), 'mlb_stats_api', r.external_game_id, r.collected_at,
    payload ->> 'home_team', payload ->> 'away_team',
    pg_temp.as_moment(payload ->> 'game_datetime'), NULL::date, NULL::integer,
    NULL::text, NULL::text, NULL::integer, NULL::integer
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL
