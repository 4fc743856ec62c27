-- The 30 teams of Major League Baseball with their home parks of 2026, and the two sides of the
-- all-star game.
-- Source: MLB StatsAPI (ids, abbreviations, names). The location is the part of the name before the
-- nickname. The Athletics are the exception: officially they have none, and StatsAPI places them in
-- Sacramento.
-- No conflict target: a row that already has either the code or the StatsAPI id is kept as it is.
-- COLLATE "C" makes the order, and with it the ids, the same in every database.
WITH given (league, abbreviation, statsapi_team_id, name, location, nickname, conference, division, home_venue) AS (
    VALUES
    ('MLB', 'ATH', 133, 'Athletics',             'Sacramento',    'Athletics',    'AL', 'West',    'Sutter Health Park'),
    ('MLB', 'ATL', 144, 'Atlanta Braves',        'Atlanta',       'Braves',       'NL', 'East',    'Truist Park'),
    ('MLB', 'AZ',  109, 'Arizona Diamondbacks',  'Arizona',       'Diamondbacks', 'NL', 'West',    'Chase Field'),
    ('MLB', 'BAL', 110, 'Baltimore Orioles',     'Baltimore',     'Orioles',      'AL', 'East',    'Oriole Park at Camden Yards'),
    ('MLB', 'BOS', 111, 'Boston Red Sox',        'Boston',        'Red Sox',      'AL', 'East',    'Fenway Park'),
    ('MLB', 'CHC', 112, 'Chicago Cubs',          'Chicago',       'Cubs',         'NL', 'Central', 'Wrigley Field'),
    ('MLB', 'CIN', 113, 'Cincinnati Reds',       'Cincinnati',    'Reds',         'NL', 'Central', 'Great American Ball Park'),
    ('MLB', 'CLE', 114, 'Cleveland Guardians',   'Cleveland',     'Guardians',    'AL', 'Central', 'Progressive Field'),
    ('MLB', 'COL', 115, 'Colorado Rockies',      'Colorado',      'Rockies',      'NL', 'West',    'Coors Field'),
    ('MLB', 'CWS', 145, 'Chicago White Sox',     'Chicago',       'White Sox',    'AL', 'Central', 'Rate Field'),
    ('MLB', 'DET', 116, 'Detroit Tigers',        'Detroit',       'Tigers',       'AL', 'Central', 'Comerica Park'),
    ('MLB', 'HOU', 117, 'Houston Astros',        'Houston',       'Astros',       'AL', 'West',    'Daikin Park'),
    ('MLB', 'KC',  118, 'Kansas City Royals',    'Kansas City',   'Royals',       'AL', 'Central', 'Kauffman Stadium'),
    ('MLB', 'LAA', 108, 'Los Angeles Angels',    'Los Angeles',   'Angels',       'AL', 'West',    'Angel Stadium'),
    ('MLB', 'LAD', 119, 'Los Angeles Dodgers',   'Los Angeles',   'Dodgers',      'NL', 'West',    'Dodger Stadium'),
    ('MLB', 'MIA', 146, 'Miami Marlins',         'Miami',         'Marlins',      'NL', 'East',    'loanDepot park'),
    ('MLB', 'MIL', 158, 'Milwaukee Brewers',     'Milwaukee',     'Brewers',      'NL', 'Central', 'American Family Field'),
    ('MLB', 'MIN', 142, 'Minnesota Twins',       'Minnesota',     'Twins',        'AL', 'Central', 'Target Field'),
    ('MLB', 'NYM', 121, 'New York Mets',         'New York',      'Mets',         'NL', 'East',    'Citi Field'),
    ('MLB', 'NYY', 147, 'New York Yankees',      'New York',      'Yankees',      'AL', 'East',    'Yankee Stadium'),
    ('MLB', 'PHI', 143, 'Philadelphia Phillies', 'Philadelphia',  'Phillies',     'NL', 'East',    'Citizens Bank Park'),
    ('MLB', 'PIT', 134, 'Pittsburgh Pirates',    'Pittsburgh',    'Pirates',      'NL', 'Central', 'PNC Park'),
    ('MLB', 'SD',  135, 'San Diego Padres',      'San Diego',     'Padres',       'NL', 'West',    'Petco Park'),
    ('MLB', 'SEA', 136, 'Seattle Mariners',      'Seattle',       'Mariners',     'AL', 'West',    'T-Mobile Park'),
    ('MLB', 'SF',  137, 'San Francisco Giants',  'San Francisco', 'Giants',       'NL', 'West',    'Oracle Park'),
    ('MLB', 'STL', 138, 'St. Louis Cardinals',   'St. Louis',     'Cardinals',    'NL', 'Central', 'Busch Stadium'),
    ('MLB', 'TB',  139, 'Tampa Bay Rays',        'Tampa Bay',     'Rays',         'AL', 'East',    'Tropicana Field'),
    ('MLB', 'TEX', 140, 'Texas Rangers',         'Texas',         'Rangers',      'AL', 'West',    'Globe Life Field'),
    ('MLB', 'TOR', 141, 'Toronto Blue Jays',     'Toronto',       'Blue Jays',    'AL', 'East',    'Rogers Centre'),
    ('MLB', 'WSH', 120, 'Washington Nationals',  'Washington',    'Nationals',    'NL', 'East',    'Nationals Park'),
    ('ASG', 'AL',  159, 'American League All-Stars', 'American League', 'All-Stars', 'AL', 'none', NULL),
    ('ASG', 'NL',  160, 'National League All-Stars', 'National League', 'All-Stars', 'NL', 'none', NULL)
)
