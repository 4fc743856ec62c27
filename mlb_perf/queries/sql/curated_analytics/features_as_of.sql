SELECT as_of, home_win_probability, run_line, total_line, probability_change, book_count
FROM curated.ml_features
WHERE game_id = CAST(:game_id AS bigint)
  AND game_date = CAST(:game_date AS date)
  AND feature_set = CAST(:feature_set AS text)
  AND as_of <= CAST(:moment AS timestamptz)
ORDER BY as_of DESC
LIMIT 1
