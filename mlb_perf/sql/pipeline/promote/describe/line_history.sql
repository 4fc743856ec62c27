-- Files of past lines: what the user mapped.
SELECT r.source, r.source, r.external_game_id, r.collected_at,
    payload ->> 'home_team', payload ->> 'away_team',
    pg_temp.as_moment(payload ->> 'start_at'), pg_temp.as_date(payload ->> 'game_date'),
    pg_temp.as_integer(payload ->> 'game_number'),
    NULL::text, NULL::text, NULL::integer, NULL::integer
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL
