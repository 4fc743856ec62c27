-- MLB StatsAPI: the schedule is the authority on start, status, venue and score.
SELECT 'mlb_stats_api', 'mlb_stats_api', r.external_game_id, r.collected_at,
    payload #>> '{teams,home,team,name}', payload #>> '{teams,away,team,name}',
    pg_temp.as_moment(payload ->> 'gameDate'), pg_temp.as_date(payload ->> 'officialDate'),
    pg_temp.as_integer(payload ->> 'gameNumber'),
    payload #>> '{status,detailedState}', payload #>> '{venue,name}',
    pg_temp.as_integer(payload #>> '{teams,home,score}'),
    pg_temp.as_integer(payload #>> '{teams,away,score}')
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL
