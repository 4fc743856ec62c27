-- Of each split with a sharp side on that day, the moneyline that stood then. The path of each side
-- is read once, not once a split.
WITH sharp AS (
    SELECT game_id, collected_at, sharp_side, home_or_over_money_percent
    FROM curated.unified_betting_splits
    WHERE game_date = CAST(:game_date AS date)
      AND market_type = 'moneyline'
      AND sharp_side IS NOT NULL
),
line AS MATERIALIZED (
    SELECT path.*, l.*
    FROM (SELECT DISTINCT game_id, sharp_side FROM sharp) AS path
    CROSS JOIN LATERAL (
        SELECT price, sportsbook_id, first_seen_at,
            lead(first_seen_at, 1, 'infinity')
                OVER (PARTITION BY game_id ORDER BY first_seen_at) AS ended_at  -- game_id for Citus
        FROM curated.betting_lines_unified
        WHERE game_id = path.game_id
          AND game_date = CAST(:game_date AS date)
          AND sportsbook_id = CAST(:sportsbook_id AS bigint)
          AND market_type = 'moneyline'
          AND side = path.sharp_side
          AND source = CAST(:source AS text)
    ) AS l
)
SELECT s.game_id, s.collected_at, s.sharp_side, s.home_or_over_money_percent, l.price,
    l.sportsbook_id
FROM sharp AS s
JOIN line AS l USING (game_id, sharp_side)
WHERE s.collected_at >= l.first_seen_at AND s.collected_at < l.ended_at
