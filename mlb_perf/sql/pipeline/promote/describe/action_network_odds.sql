-- Action Network: the teams are listed apart and named by their ids.
SELECT 'action_network', 'action_network', r.external_game_id, r.collected_at,
    (SELECT coalesce(t ->> 'full_name', t ->> 'abbr')
     FROM jsonb_array_elements(pg_temp.as_array(payload -> 'teams')) AS t
     WHERE t ->> 'id' = payload ->> 'home_team_id' LIMIT 1),
    (SELECT coalesce(t ->> 'full_name', t ->> 'abbr')
     FROM jsonb_array_elements(pg_temp.as_array(payload -> 'teams')) AS t
     WHERE t ->> 'id' = payload ->> 'away_team_id' LIMIT 1),
    pg_temp.as_moment(payload ->> 'start_time'), NULL::date, NULL::integer,
    payload ->> 'status', NULL, NULL::text,
    pg_temp.as_score(payload #>> '{boxscore,total_home_points}'),
    pg_temp.as_score(payload #>> '{boxscore,total_away_points}'),
    NULL::timestamptz, NULL::timestamptz, NULL, NULL, NULL, payload ->> 'league_name'
FROM {rows} AS r
WHERE r.processed_at IS NULL
