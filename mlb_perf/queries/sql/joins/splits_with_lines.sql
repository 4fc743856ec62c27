-- Of each split with a sharp side on that day, the moneyline that stood then.
SELECT s.game_id, s.collected_at, s.sharp_side, s.home_or_over_money_percent, l.price,
    l.sportsbook_id
FROM curated.unified_betting_splits AS s
CROSS JOIN LATERAL (
    SELECT price, sportsbook_id
    FROM curated.betting_lines_unified
    WHERE game_id = s.game_id
      AND game_date = CAST(:game_date AS date)
      AND sportsbook_id = CAST(:sportsbook_id AS bigint)
      AND market_type = 'moneyline'
      AND side = s.sharp_side
      AND source = CAST(:source AS text)
      AND first_seen_at <= s.collected_at
    ORDER BY first_seen_at DESC
    LIMIT 1
) AS l
WHERE s.game_date = CAST(:game_date AS date)
  AND s.market_type = 'moneyline'
  AND s.sharp_side IS NOT NULL
