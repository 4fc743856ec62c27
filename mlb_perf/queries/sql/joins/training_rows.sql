-- Features with the result, one row a game: the input of a training. A season is a
-- large part of the table, which is read whole. The bounds are written with ALL for the generic plan,
-- which takes a range between two unknown dates as half a percent of the rows.
SELECT f.game_id, f.game_date, f.home_win_probability, f.moneyline_dispersion, f.run_line,
    f.total_line, f.probability_change, f.home_bets_percent, f.home_money_percent, f.steam_moves,
    g.home_score, g.away_score
FROM curated.ml_features AS f
JOIN curated.enhanced_games AS g ON g.game_id = f.game_id
WHERE f.feature_set = CAST(:feature_set AS text)
  AND f.game_date >= ALL (ARRAY[CAST(:from_date AS date)])
  AND f.game_date < ALL (ARRAY[CAST(:to_date AS date)])
  AND g.is_ml_ready
