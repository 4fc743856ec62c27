-- Major League Baseball, and its all-star game, whose two sides are teams of no division: feeds
-- quote it like any other game.
WITH given (code, name, sport) AS (
    VALUES
    ('MLB', 'Major League Baseball', 'baseball'),
    ('ASG', 'MLB All-Star Game',     'baseball')
)
