-- Ten games of each role, and of them the last ten: an OR of both columns would
-- read all of the team's games.
SELECT *
FROM (
    (
        SELECT game_id, game_date, home_team_id, away_team_id, home_score, away_score
        FROM curated.enhanced_games
        WHERE home_team_id = CAST(:team_id AS bigint) AND game_date < CAST(:to_date AS date)
        ORDER BY game_date DESC
        LIMIT 10
    )
    UNION ALL
    (
        SELECT game_id, game_date, home_team_id, away_team_id, home_score, away_score
        FROM curated.enhanced_games
        WHERE away_team_id = CAST(:team_id AS bigint) AND game_date < CAST(:to_date AS date)
        ORDER BY game_date DESC
        LIMIT 10
    )
) AS games
ORDER BY game_date DESC, game_id
LIMIT 10
