-- Results: rows of a file by MLB StatsAPI's ids, or lines of a Retrosheet game
-- log, whose columns are counted: 1 date, 2 number of the game, 4 visiting and
-- 7 home team, 10 and 11 their scores, 17 the park.
SELECT r.source, CASE r.source WHEN 'game_results' THEN 'mlb_stats_api' ELSE r.source END,
    r.external_game_id, r.collected_at,
    coalesce(payload ->> 'home_team_abbreviation', payload #>> '{fields,6}'),
    coalesce(payload ->> 'away_team_abbreviation', payload #>> '{fields,3}'),
    NULL::timestamptz,
    coalesce(pg_temp.as_date(payload ->> 'date'), pg_temp.as_date(payload #>> '{fields,0}')),
    nullif(pg_temp.as_integer(payload #>> '{fields,1}'), 0),
    coalesce(payload ->> 'status', 'final'),
    coalesce(payload ->> 'venue', payload #>> '{fields,16}'),
    coalesce(pg_temp.as_integer(payload ->> 'home_team_score'),
             pg_temp.as_integer(payload #>> '{fields,10}')),
    coalesce(pg_temp.as_integer(payload ->> 'away_team_score'),
             pg_temp.as_integer(payload #>> '{fields,9}'))
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL
