-- Results: rows of a file by MLB StatsAPI's ids; lines of a Retrosheet game log, whose columns
-- are counted (1 date, 2 number of the game, 4 visiting and 7 home team, 10 and 11 their scores,
-- 17 the park, 103 and 105 the starting pitchers); The Odds API's scores. A row of a file without
-- a status is a result if it has a score.
SELECT r.source, CASE r.source WHEN 'game_results' THEN 'mlb_stats_api' ELSE r.source END,
    r.external_game_id, r.collected_at,
    coalesce(payload ->> 'home_team_abbreviation', payload ->> 'home_team',
             payload #>> '{fields,6}'),
    coalesce(payload ->> 'away_team_abbreviation', payload ->> 'away_team',
             payload #>> '{fields,3}'),
    pg_temp.as_unix_or_moment(coalesce(payload ->> 'commence_time', payload ->> 'start_at')),
    coalesce(pg_temp.as_date(payload ->> 'date'), pg_temp.as_date(payload #>> '{fields,0}')),
    coalesce(nullif(pg_temp.as_integer(payload #>> '{fields,1}'), 0),
             pg_temp.as_integer(payload ->> 'game_number')),
    CASE
        WHEN payload ? 'completed'
        THEN CASE WHEN payload ->> 'completed' = 'true' THEN 'final'
            WHEN payload ->> 'scores' IS NOT NULL THEN 'live' END
        WHEN payload ? 'fields' THEN 'final'
        WHEN btrim(payload ->> 'status') <> '' THEN payload ->> 'status'
        WHEN score.home IS NOT NULL AND score.away IS NOT NULL THEN 'final'
    END, NULL,
    coalesce(payload ->> 'venue', payload #>> '{fields,16}'),
    score.home, score.away,
    NULL::timestamptz, NULL::timestamptz, payload ->> 'game_type',
    coalesce(payload ->> 'home_starting_pitcher', payload #>> '{fields,104}'),
    coalesce(payload ->> 'away_starting_pitcher', payload #>> '{fields,102}'),
    coalesce(payload ->> 'league', payload ->> 'sport_key')
FROM {rows} AS r
CROSS JOIN LATERAL (
    SELECT
        coalesce(pg_temp.as_score(payload ->> 'home_team_score'),
                 pg_temp.as_score(payload #>> '{fields,10}'),
                 (SELECT pg_temp.as_score(s ->> 'score')
                  FROM jsonb_array_elements(pg_temp.as_array(payload -> 'scores')) AS s
                  WHERE s ->> 'name' = payload ->> 'home_team' LIMIT 1)) AS home,
        coalesce(pg_temp.as_score(payload ->> 'away_team_score'),
                 pg_temp.as_score(payload #>> '{fields,9}'),
                 (SELECT pg_temp.as_score(s ->> 'score')
                  FROM jsonb_array_elements(pg_temp.as_array(payload -> 'scores')) AS s
                  WHERE s ->> 'name' = payload ->> 'away_team' LIMIT 1)) AS away OFFSET 0
) AS score
WHERE r.processed_at IS NULL
