-- SportsBettingDime: team codes, and a start in UTC.
SELECT 'sbd', 'sbd', r.external_game_id, r.collected_at,
    payload #>> '{home,code}', payload #>> '{away,code}',
    pg_temp.as_moment(payload ->> 'date'), NULL::date, NULL::integer,
    payload ->> 'status', NULL, NULL::text, NULL::integer, NULL::integer,
    NULL::timestamptz, NULL::timestamptz, NULL, NULL, NULL, NULL
FROM {rows} AS r
WHERE r.processed_at IS NULL
