SELECT market_type, side, count(*) AS movements, count(*) FILTER (WHERE is_steam_move) AS steam,
    sum(probability_change) AS probability_change
FROM curated.line_movements
WHERE game_id = CAST(:game_id AS bigint)
  AND game_date = CAST(:game_date AS date)
GROUP BY market_type, side
