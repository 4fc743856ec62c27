-- The league to which every reference row belongs; further leagues are a row each.
-- Source: the league's own name.
WITH given (code, name, sport) AS (
    VALUES ('MLB', 'Major League Baseball', 'baseball')
)
