-- MLB StatsAPI: the schedule is the authority on start, status, venue and score. A start that is
-- to be determined is a placeholder, and none. A team without a name is found by its id.
SELECT 'mlb_stats_api', 'mlb_stats_api', r.external_game_id, r.collected_at,
    coalesce(payload #>> '{teams,home,team,name}', (
        SELECT t.name FROM curated.teams AS t
        WHERE t.statsapi_team_id = pg_temp.as_integer(payload #>> '{teams,home,team,id}')
        ORDER BY t.league_id LIMIT 1
    ), payload #>> '{teams,home,team,abbreviation}'),
    coalesce(payload #>> '{teams,away,team,name}', (
        SELECT t.name FROM curated.teams AS t
        WHERE t.statsapi_team_id = pg_temp.as_integer(payload #>> '{teams,away,team,id}')
        ORDER BY t.league_id LIMIT 1
    ), payload #>> '{teams,away,team,abbreviation}'),
    CASE WHEN coalesce(payload #>> '{status,startTimeTBD}', '') <> 'true'
        THEN pg_temp.as_moment(payload ->> 'gameDate') END,
    pg_temp.as_date(payload ->> 'officialDate'),
    pg_temp.as_integer(payload ->> 'gameNumber'),
    payload #>> '{status,detailedState}', payload #>> '{status,abstractGameState}',
    payload #>> '{venue,name}',
    pg_temp.as_score(coalesce(payload #>> '{teams,home,score}',
                              payload #>> '{linescore,teams,home,runs}')),
    pg_temp.as_score(coalesce(payload #>> '{teams,away,score}',
                              payload #>> '{linescore,teams,away,runs}')),
    pg_temp.as_moment(payload #>> '{gameInfo,firstPitch}'),
    greatest(pg_temp.as_moment(payload ->> 'rescheduledFrom'),
             pg_temp.as_moment(payload ->> 'resumedFrom')),
    payload ->> 'gameType',
    payload #>> '{teams,home,probablePitcher,fullName}',
    payload #>> '{teams,away,probablePitcher,fullName}', 'MLB'
FROM {rows} AS r
WHERE r.processed_at IS NULL
