-- Files of past lines: what the user mapped.
SELECT r.source, r.source, r.external_game_id, r.collected_at,
    payload ->> 'home_team', payload ->> 'away_team',
    pg_temp.as_moment(payload ->> 'start_at'), pg_temp.as_date(payload ->> 'game_date'),
    pg_temp.as_integer(payload ->> 'game_number'),
    CASE WHEN pg_temp.as_score(payload ->> 'home_score') IS NOT NULL
          AND pg_temp.as_score(payload ->> 'away_score') IS NOT NULL THEN 'final' END,
    NULL, NULL::text, pg_temp.as_score(payload ->> 'home_score'),
    pg_temp.as_score(payload ->> 'away_score'), NULL::timestamptz, NULL::timestamptz,
    payload ->> 'game_type', NULL, NULL, payload ->> 'league'
FROM {rows} AS r
WHERE r.processed_at IS NULL
