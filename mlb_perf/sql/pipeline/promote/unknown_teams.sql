-- Spellings of teams that no alias knows, of games that are not resolved, with the teams whose
-- names are most like them: those that share the first letters of a word.
WITH told AS (
    SELECT s.source, names.name, count(DISTINCT s.external_game_id) AS games
    FROM {unresolved_games} AS s
    CROSS JOIN LATERAL (VALUES (s.home_team_name), (s.away_team_name)) AS names (name)
    WHERE s.game_id IS NULL AND names.name <> ''
    GROUP BY s.source, names.name
),
unknown AS (
    SELECT told.*
    FROM told
    WHERE NOT EXISTS (
        SELECT 1 FROM staging.team_aliases AS a
        WHERE pg_temp.folded(a.alias) IN (
                pg_temp.folded(told.name), pg_temp.team_name(told.name)
            )
          AND a.source IN (told.source, 'any', 'mlb_stats_api')
    )
)
SELECT u.source, u.name, u.games AS times, (
    SELECT string_agg(near.name, ', ' ORDER BY near.shared DESC, near.name)
    FROM (
        SELECT t.name, count(*) AS shared
        FROM curated.teams AS t
        CROSS JOIN regexp_split_to_table(lower(t.name), '[^a-z]+') AS theirs
        JOIN regexp_split_to_table(lower(u.name), '[^a-z]+') AS ours
          ON length(ours) > 2 AND left(theirs, 3) = left(ours, 3)
        GROUP BY t.name
        ORDER BY count(*) DESC, t.name
        LIMIT 3
    ) AS near
) AS near
FROM unknown AS u
ORDER BY u.games DESC, u.source, u.name
LIMIT 20
