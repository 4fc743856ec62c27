-- The sides of a game are those that the schedule has, else results.
WITH told AS (
    SELECT DISTINCT ON (game_id) game_id, s.home_team_id
    FROM {descriptions} AS s
    WHERE s.source IN ('mlb_stats_api', 'retrosheet', 'game_results')
      AND s.game_id IN (SELECT game_id FROM description) AND s.home_team_id IS NOT NULL
    ORDER BY game_id, CASE s.source WHEN 'mlb_stats_api' THEN 1 WHEN 'retrosheet' THEN 2 ELSE 3 END,
        s.collected_at DESC
)
INSERT INTO turned (game_id)
SELECT g.game_id
FROM told
JOIN curated.enhanced_games AS g USING (game_id)
WHERE told.home_team_id = g.away_team_id
