-- A season is a large part of the table, which is read whole. The bounds are written with ALL for
-- the generic plan, as in training_rows.
SELECT game_id, game_date, as_of, home_win_probability, moneyline_dispersion, run_line, total_line,
    probability_change, home_bets_percent, home_money_percent, steam_moves, book_count
FROM curated.ml_features
WHERE feature_set = CAST(:feature_set AS text)
  AND game_date >= ALL (ARRAY[CAST(:from_date AS date)])
  AND game_date < ALL (ARRAY[CAST(:to_date AS date)])
ORDER BY game_date, game_id, as_of
