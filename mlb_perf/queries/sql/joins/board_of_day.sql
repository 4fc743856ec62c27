-- Each game's newest moneylines by the moment; the games first, then their lines.
SELECT g.game_id, home.abbreviation AS home, away.abbreviation AS away, l.sportsbook_id, l.side,
    l.price
FROM curated.enhanced_games AS g
JOIN curated.teams AS home ON home.team_id = g.home_team_id
JOIN curated.teams AS away ON away.team_id = g.away_team_id
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (game_id, sportsbook_id, side) sportsbook_id, side, price
    FROM curated.betting_lines_unified
    WHERE game_id = g.game_id
      AND game_date = CAST(:game_date AS date)
      AND market_type = 'moneyline'
      AND first_seen_at <= CAST(:moment AS timestamptz)
    ORDER BY game_id, sportsbook_id, side, first_seen_at DESC  -- game_id for Citus
) AS l
WHERE g.game_date = CAST(:game_date AS date)
