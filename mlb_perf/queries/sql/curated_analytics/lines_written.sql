-- An export's step. Rows are written in the order of created_at and keep it when
-- a quote is repeated, so that BRIN finds them and their updates touch no index.
SELECT game_id, game_date, line_id, sportsbook_id, market_type, side, line_value, price,
    first_seen_at
FROM curated.betting_lines_unified
WHERE created_at >= CAST(:since AS timestamptz)
  AND created_at < CAST(:until AS timestamptz)
