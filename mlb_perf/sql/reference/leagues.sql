-- The league to which every reference row belongs; further leagues are a row each.
-- Source: the league's own name.
INSERT INTO curated.leagues (code, name, sport)
VALUES ('MLB', 'Major League Baseball', 'baseball')
    ON CONFLICT (code) DO NOTHING;
