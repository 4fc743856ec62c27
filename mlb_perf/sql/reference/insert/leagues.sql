INSERT INTO curated.leagues (code, name, sport)
SELECT code, name, sport
  FROM given
 ORDER BY code DESC  -- MLB is the first
    ON CONFLICT (code) DO NOTHING;
