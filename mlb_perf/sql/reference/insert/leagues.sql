INSERT INTO curated.leagues (code, name, sport)
SELECT code, name, sport
  FROM given
    ON CONFLICT (code) DO NOTHING;
