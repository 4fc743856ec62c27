-- The ballparks of regular-season games since 2019, and the names by which feeds know them.
-- First the 30 home parks, then former and temporary homes, then parks of single games and series.
-- Source: MLB StatsAPI for id and current name (NULL where the id is not confirmed), Retrosheet for
-- its park ids (LOS03), which stand among the other names because game logs name a park by them.
-- Retrosheet's information was obtained free of charge from and is copyrighted by Retrosheet,
-- www.retrosheet.org.
-- No conflict target: a row that already has either the name or the StatsAPI id is kept as it is.
-- COLLATE "C" makes the order, and with it the ids, the same in every database.
WITH venue (statsapi_venue_id, name, city, region, country, time_zone, roof_type) AS (
    VALUES
    (   1, 'Angel Stadium',                  'Anaheim',         'California',           'US', 'America/Los_Angeles', 'open'),
    (   2, 'Oriole Park at Camden Yards',    'Baltimore',       'Maryland',             'US', 'America/New_York',    'open'),
    (   3, 'Fenway Park',                    'Boston',          'Massachusetts',        'US', 'America/New_York',    'open'),
    (   4, 'Rate Field',                     'Chicago',         'Illinois',             'US', 'America/Chicago',     'open'),
    (   5, 'Progressive Field',              'Cleveland',       'Ohio',                 'US', 'America/New_York',    'open'),
    (   7, 'Kauffman Stadium',               'Kansas City',     'Missouri',             'US', 'America/Chicago',     'open'),
    (  12, 'Tropicana Field',                'St. Petersburg',  'Florida',              'US', 'America/New_York',    'fixed'),
    (  14, 'Rogers Centre',                  'Toronto',         'Ontario',              'CA', 'America/Toronto',     'retractable'),
    (  15, 'Chase Field',                    'Phoenix',         'Arizona',              'US', 'America/Phoenix',     'retractable'),
    (  17, 'Wrigley Field',                  'Chicago',         'Illinois',             'US', 'America/Chicago',     'open'),
    (  19, 'Coors Field',                    'Denver',          'Colorado',             'US', 'America/Denver',      'open'),
    (  22, 'UNIQLO Field at Dodger Stadium', 'Los Angeles',     'California',           'US', 'America/Los_Angeles', 'open'),
    (  31, 'PNC Park',                       'Pittsburgh',      'Pennsylvania',         'US', 'America/New_York',    'open'),
    (  32, 'American Family Field',          'Milwaukee',       'Wisconsin',            'US', 'America/Chicago',     'retractable'),
    ( 680, 'T-Mobile Park',                  'Seattle',         'Washington',           'US', 'America/Los_Angeles', 'retractable'),
    (2392, 'Daikin Park',                    'Houston',         'Texas',                'US', 'America/Chicago',     'retractable'),
    (2394, 'Comerica Park',                  'Detroit',         'Michigan',             'US', 'America/Detroit',     'open'),
    (2395, 'Oracle Park',                    'San Francisco',   'California',           'US', 'America/Los_Angeles', 'open'),
    (2529, 'Sutter Health Park',             'West Sacramento', 'California',           'US', 'America/Los_Angeles', 'open'),
    (2602, 'Great American Ball Park',       'Cincinnati',      'Ohio',                 'US', 'America/New_York',    'open'),
    (2680, 'Petco Park',                     'San Diego',       'California',           'US', 'America/Los_Angeles', 'open'),
    (2681, 'Citizens Bank Park',             'Philadelphia',    'Pennsylvania',         'US', 'America/New_York',    'open'),
    (2889, 'Busch Stadium',                  'St. Louis',       'Missouri',             'US', 'America/Chicago',     'open'),
    (3289, 'Citi Field',                     'New York',        'New York',             'US', 'America/New_York',    'open'),
    (3309, 'Nationals Park',                 'Washington',      'District of Columbia', 'US', 'America/New_York',    'open'),
    (3312, 'Target Field',                   'Minneapolis',     'Minnesota',            'US', 'America/Chicago',     'open'),
    (3313, 'Yankee Stadium',                 'New York',        'New York',             'US', 'America/New_York',    'open'),
    (4169, 'loanDepot park',                 'Miami',           'Florida',              'US', 'America/New_York',    'retractable'),
    (4705, 'Truist Park',                    'Atlanta',         'Georgia',              'US', 'America/New_York',    'open'),
    (5325, 'Globe Life Field',               'Arlington',       'Texas',                'US', 'America/Chicago',     'retractable'),
    (  10, 'Oakland Coliseum',               'Oakland',         'California',           'US', 'America/Los_Angeles', 'open'),
    (  13, 'Choctaw Stadium',                'Arlington',       'Texas',                'US', 'America/Chicago',     'open'),
    (2523, 'George M. Steinbrenner Field',   'Tampa',           'Florida',              'US', 'America/New_York',    'open'),
    (2536, 'TD Ballpark',                    'Dunedin',         'Florida',              'US', 'America/New_York',    'open'),
    (2756, 'Sahlen Field',                   'Buffalo',         'New York',             'US', 'America/New_York',    'open'),
    (5355, 'Las Vegas Ballpark',             'Las Vegas',       'Nevada',               'US', 'America/Los_Angeles', 'open'),
    (2397, 'Tokyo Dome',                     'Tokyo',           'Tokyo',                'JP', 'Asia/Tokyo',          'fixed'),
    (2735, 'Journey Bank Ballpark',          'Williamsport',    'Pennsylvania',         'US', 'America/New_York',    'open'),
    (3949, 'Rickwood Field',                 'Birmingham',      'Alabama',              'US', 'America/Chicago',     'open'),
    (5150, 'Gocheok Sky Dome',               'Seoul',           'Seoul',                'KR', 'Asia/Seoul',          'fixed'),
    (5340, 'Estadio Alfredo Harp Helú',      'Mexico City',     'Ciudad de México',     'MX', 'America/Mexico_City', 'open'),
    (5381, 'London Stadium',                 'London',          'England',              'GB', 'Europe/London',       'open'),
    (5445, 'Field of Dreams',                'Dyersville',      'Iowa',                 'US', 'America/Chicago',     'open'),
    (6130, 'Bristol Motor Speedway',         'Bristol',         'Tennessee',            'US', 'America/New_York',    'open'),
    (NULL, 'Charles Schwab Field Omaha',     'Omaha',           'Nebraska',             'US', 'America/Chicago',     'open'),
    (NULL, 'Estadio de Béisbol Monterrey',   'Monterrey',       'Nuevo León',           'MX', 'America/Monterrey',   'open'),
    (NULL, 'Hiram Bithorn Stadium',          'San Juan',        NULL,                   'PR', 'America/Puerto_Rico', 'open')
),
known_as (name, other_names) AS (
    VALUES
    ('Angel Stadium',                  'Angel Stadium of Anaheim, '
                                       'Edison International Field of Anaheim, ANA01'),
    ('Oriole Park at Camden Yards',    'Camden Yards, Oriole Park, BAL12'),
    ('Fenway Park',                    'BOS07'),
    ('Rate Field',                     'Guaranteed Rate Field, U.S. Cellular Field, CHI12'),
    ('Progressive Field',              'Jacobs Field, CLE08'),
    ('Kauffman Stadium',               'Ewing M. Kauffman Stadium, Royals Stadium, KAN06'),
    ('Tropicana Field',                'STP01'),
    ('Rogers Centre',                  'SkyDome, TOR02'),
    ('Chase Field',                    'Bank One Ballpark, PHO01'),
    ('Wrigley Field',                  'CHI11'),
    ('Coors Field',                    'DEN02'),
    ('UNIQLO Field at Dodger Stadium', 'Dodger Stadium, LOS03'),
    ('PNC Park',                       'PIT08'),
    ('American Family Field',          'Miller Park, MIL06'),
    ('T-Mobile Park',                  'Safeco Field, SEA03'),
    ('Daikin Park',                    'Minute Maid Park, Enron Field, Astros Field, HOU03'),
    ('Comerica Park',                  'DET05'),
    ('Oracle Park',                    'AT&T Park, SBC Park, Pacific Bell Park, SFO03'),
    ('Sutter Health Park',             'Raley Field, SAC01'),
    ('Great American Ball Park',       'Great American Ballpark, CIN09'),
    ('Petco Park',                     'SAN02'),
    ('Citizens Bank Park',             'PHI13'),
    ('Busch Stadium',                  'STL10'),
    ('Citi Field',                     'NYC20'),
    ('Nationals Park',                 'WAS11'),
    ('Target Field',                   'MIN04'),
    ('Yankee Stadium',                 'NYC21'),
    ('loanDepot park',                 'Marlins Park, MIA02'),
    ('Truist Park',                    'SunTrust Park, ATL03'),
    ('Globe Life Field',               'ARL03'),
    ('Oakland Coliseum',               'RingCentral Coliseum, Oakland-Alameda County Coliseum, '
                                       'O.co Coliseum, OAK01'),
    ('Choctaw Stadium',                'Globe Life Park in Arlington, Globe Life Park, '
                                       'Rangers Ballpark in Arlington, ARL02'),
    ('George M. Steinbrenner Field',   'Steinbrenner Field, Legends Field, TAM02'),
    ('TD Ballpark',                    'Dunedin Stadium'),
    ('Sahlen Field',                   'Coca-Cola Field, BUF05'),
    ('Tokyo Dome',                     'TOK01'),
    ('Journey Bank Ballpark',          'Journey Bank Ballpark at Historic Bowman Field, '
                                       'Muncy Bank Ballpark, '
                                       'Muncy Bank Ballpark at Historic Bowman Field, BB&T Ballpark, '
                                       'BB&T Ballpark at Historic Bowman Field, Historic Bowman Field, '
                                       'Bowman Field, WIL02'),
    ('Rickwood Field',                 'BIR01'),
    ('Gocheok Sky Dome',               'SEO01'),
    ('Estadio Alfredo Harp Helú',      'Estadio Alfredo Harp Helu, Alfredo Harp Helu Stadium, MEX02'),
    ('London Stadium',                 'LON01'),
    ('Field of Dreams',                'MLB at Field of Dreams, DYE01'),
    ('Bristol Motor Speedway',         'BST01'),
    ('Charles Schwab Field Omaha',     'Charles Schwab Field, TD Ameritrade Park Omaha, '
                                       'TD Ameritrade Park, OMA01'),
    ('Estadio de Béisbol Monterrey',   'Estadio de Beisbol Monterrey, Estadio Monterrey, MNT01'),
    ('Hiram Bithorn Stadium',          'Estadio Hiram Bithorn, SJU01')
)
INSERT INTO curated.venues (
    statsapi_venue_id, name, city, region, country, time_zone, roof_type, former_names
)
SELECT venue.*, coalesce(string_to_array(known_as.other_names, ', '), '{}')
  FROM venue
  LEFT JOIN known_as USING (name)
 ORDER BY venue.name COLLATE "C"
    ON CONFLICT DO NOTHING;
