INSERT INTO curated.leagues (
    code, name, sport, first_season, years_ahead, games_a_day, largest_score, largest_spread,
    largest_total, usual_spread, usual_total_from, usual_total_to
)
SELECT code, name, sport, 1871, 5, 3, 99, 99, 99, 1.5, 5, 15
  FROM given
 ORDER BY code DESC  -- MLB is the first
    ON CONFLICT (code) DO NOTHING;
