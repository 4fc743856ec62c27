INSERT INTO curated.sportsbooks (key, name, region, is_sharp)
SELECT given.key, given.name, given.region, given.is_sharp
  FROM given
 ORDER BY given.key COLLATE "C"
    ON CONFLICT (key) DO NOTHING;
