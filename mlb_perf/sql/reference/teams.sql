-- The 30 teams of Major League Baseball with their home parks of 2026.
-- Source: MLB StatsAPI (ids, abbreviations, names). The location is the part of the name before the
-- nickname. The Athletics are the exception: officially they have none, and StatsAPI places them in
-- Sacramento.
-- No conflict target: a row that already has either the code or the StatsAPI id is kept as it is.
-- COLLATE "C" makes the order, and with it the ids, the same in every database.
WITH given (abbreviation, statsapi_team_id, name, location, nickname, conference, division, home_venue) AS (
    VALUES
    ('ATH', 133, 'Athletics',             'Sacramento',    'Athletics',    'AL', 'West',    'Sutter Health Park'),
    ('ATL', 144, 'Atlanta Braves',        'Atlanta',       'Braves',       'NL', 'East',    'Truist Park'),
    ('AZ',  109, 'Arizona Diamondbacks',  'Arizona',       'Diamondbacks', 'NL', 'West',    'Chase Field'),
    ('BAL', 110, 'Baltimore Orioles',     'Baltimore',     'Orioles',      'AL', 'East',    'Oriole Park at Camden Yards'),
    ('BOS', 111, 'Boston Red Sox',        'Boston',        'Red Sox',      'AL', 'East',    'Fenway Park'),
    ('CHC', 112, 'Chicago Cubs',          'Chicago',       'Cubs',         'NL', 'Central', 'Wrigley Field'),
    ('CIN', 113, 'Cincinnati Reds',       'Cincinnati',    'Reds',         'NL', 'Central', 'Great American Ball Park'),
    ('CLE', 114, 'Cleveland Guardians',   'Cleveland',     'Guardians',    'AL', 'Central', 'Progressive Field'),
    ('COL', 115, 'Colorado Rockies',      'Colorado',      'Rockies',      'NL', 'West',    'Coors Field'),
    ('CWS', 145, 'Chicago White Sox',     'Chicago',       'White Sox',    'AL', 'Central', 'Rate Field'),
    ('DET', 116, 'Detroit Tigers',        'Detroit',       'Tigers',       'AL', 'Central', 'Comerica Park'),
    ('HOU', 117, 'Houston Astros',        'Houston',       'Astros',       'AL', 'West',    'Daikin Park'),
    ('KC',  118, 'Kansas City Royals',    'Kansas City',   'Royals',       'AL', 'Central', 'Kauffman Stadium'),
    ('LAA', 108, 'Los Angeles Angels',    'Los Angeles',   'Angels',       'AL', 'West',    'Angel Stadium'),
    ('LAD', 119, 'Los Angeles Dodgers',   'Los Angeles',   'Dodgers',      'NL', 'West',    'Dodger Stadium'),
    ('MIA', 146, 'Miami Marlins',         'Miami',         'Marlins',      'NL', 'East',    'loanDepot park'),
    ('MIL', 158, 'Milwaukee Brewers',     'Milwaukee',     'Brewers',      'NL', 'Central', 'American Family Field'),
    ('MIN', 142, 'Minnesota Twins',       'Minnesota',     'Twins',        'AL', 'Central', 'Target Field'),
    ('NYM', 121, 'New York Mets',         'New York',      'Mets',         'NL', 'East',    'Citi Field'),
    ('NYY', 147, 'New York Yankees',      'New York',      'Yankees',      'AL', 'East',    'Yankee Stadium'),
    ('PHI', 143, 'Philadelphia Phillies', 'Philadelphia',  'Phillies',     'NL', 'East',    'Citizens Bank Park'),
    ('PIT', 134, 'Pittsburgh Pirates',    'Pittsburgh',    'Pirates',      'NL', 'Central', 'PNC Park'),
    ('SD',  135, 'San Diego Padres',      'San Diego',     'Padres',       'NL', 'West',    'Petco Park'),
    ('SEA', 136, 'Seattle Mariners',      'Seattle',       'Mariners',     'AL', 'West',    'T-Mobile Park'),
    ('SF',  137, 'San Francisco Giants',  'San Francisco', 'Giants',       'NL', 'West',    'Oracle Park'),
    ('STL', 138, 'St. Louis Cardinals',   'St. Louis',     'Cardinals',    'NL', 'Central', 'Busch Stadium'),
    ('TB',  139, 'Tampa Bay Rays',        'Tampa Bay',     'Rays',         'AL', 'East',    'Tropicana Field'),
    ('TEX', 140, 'Texas Rangers',         'Texas',         'Rangers',      'AL', 'West',    'Globe Life Field'),
    ('TOR', 141, 'Toronto Blue Jays',     'Toronto',       'Blue Jays',    'AL', 'East',    'Rogers Centre'),
    ('WSH', 120, 'Washington Nationals',  'Washington',    'Nationals',    'NL', 'East',    'Nationals Park')
)
