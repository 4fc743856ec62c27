-- How each feed spells the 30 teams, by code and by name.
-- Source: MLB StatsAPI, Retrosheet, The Odds API, ESPN, Action Network, SportsBettingDime, VSiN.
-- Retrosheet's information was obtained free of charge from and is copyrighted by Retrosheet,
-- www.retrosheet.org. Its codes reach back to 1901, so a relocated team has several.
-- Source 'any' holds what is unambiguous whoever wrote it, with the cities of one team, and never
-- New York, Chicago or Los Angeles alone.
-- Lists are comma-separated. Matching folds case and trims blanks, so a spelling that differs from a
-- listed one in these alone is not listed.
WITH code (abbreviation, retrosheet, mlb_stats_api, espn, action_network, sbd, vsin, any_source) AS (
    VALUES
    ('ATH', 'ATH, OAK, KC1, PHA', 'ATH, OAK',      'ATH, OAK', 'ATH, OAK', 'OAK, ATH', 'OAK, ATH',      'ATH, OAK, SAC, LVA'),
    ('ATL', 'ATL, MLN, BSN',      'ATL',           'ATL',      'ATL',      'ATL',      'ATL',           'ATL'),
    ('AZ',  'ARI',                'AZ, ari',       'ARI',      'ARI',      'ARI',      'ARI, dbacks',   'AZ, ARI, ARZ'),
    ('BAL', 'BAL, SLA, MLA',      'BAL',           'BAL',      'BAL',      'BAL',      'BAL',           'BAL'),
    ('BOS', 'BOS',                'BOS',           'BOS',      'BOS',      'BOS',      'BOS, redsox',   'BOS, BRS'),
    ('CHC', 'CHN',                'CHC, chn',      'CHC',      'CHC',      'CHC',      'CHC',           'CHC, CHN, CUB'),
    ('CIN', 'CIN',                'CIN',           'CIN',      'CIN',      'CIN',      'CIN',           'CIN'),
    ('CLE', 'CLE',                'CLE',           'CLE',      'CLE',      'CLE',      'CLE',           'CLE'),
    ('COL', 'COL',                'COL',           'COL',      'COL',      'COL',      'COL',           'COL'),
    ('CWS', 'CHA',                'CWS, cha',      'CHW',      'CWS, CHW', 'CHW, CWS', 'CWS, whitesox', 'CWS, CHW, CHA, SOX'),
    ('DET', 'DET',                'DET',           'DET',      'DET',      'DET',      'DET',           'DET'),
    ('HOU', 'HOU',                'HOU',           'HOU',      'HOU',      'HOU',      'HOU',           'HOU'),
    ('KC',  'KCA',                'KC, kca',       'KC',       'KC',       'KC',       'KC',            'KC, KCR, KAN, KCA'),
    ('LAA', 'ANA, CAL, LAA',      'LAA, ana',      'LAA',      'LAA',      'LAA',      'LAA',           'LAA, ANA'),
    ('LAD', 'LAN, BRO',           'LAD, lan, la',  'LAD',      'LAD',      'LAD',      'LAD',           'LAD, LAN, LOS'),
    ('MIA', 'MIA, FLO',           'MIA, FLA, flo', 'MIA',      'MIA',      'MIA',      'MIA',           'MIA, FLA, FLO'),
    ('MIL', 'MIL, SE1',           'MIL',           'MIL',      'MIL',      'MIL',      'MIL',           'MIL'),
    ('MIN', 'MIN, WS1',           'MIN',           'MIN',      'MIN',      'MIN',      'MIN',           'MIN'),
    ('NYM', 'NYN',                'NYM, nyn',      'NYM',      'NYM',      'NYM',      'NYM',           'NYM, NYN'),
    ('NYY', 'NYA, BLA',           'NYY, nya',      'NYY',      'NYY',      'NYY',      'NYY',           'NYY, NYA'),
    ('PHI', 'PHI',                'PHI',           'PHI',      'PHI',      'PHI',      'PHI',           'PHI'),
    ('PIT', 'PIT',                'PIT',           'PIT',      'PIT',      'PIT',      'PIT',           'PIT'),
    ('SD',  'SDN',                'SD, sdn',       'SD',       'SD',       'SD',       'SD',            'SD, SDP, SDN, SDG'),
    ('SEA', 'SEA',                'SEA',           'SEA',      'SEA',      'SEA',      'SEA',           'SEA'),
    ('SF',  'SFN, NY1',           'SF, sfn',       'SF',       'SF',       'SF',       'SF',            'SF, SFG, SFN, SFO'),
    ('STL', 'SLN',                'STL, sln',      'STL',      'STL',      'STL',      'STL',           'STL, SLN'),
    ('TB',  'TBA',                'TB, tba',       'TB',       'TB',       'TB',       'TB',            'TB, TBR, TBA, TAM'),
    ('TEX', 'TEX, WS2',           'TEX',           'TEX',      'TEX',      'TEX',      'TEX',           'TEX'),
    ('TOR', 'TOR',                'TOR',           'TOR',      'TOR',      'TOR',      'TOR, bluejays', 'TOR'),
    ('WSH', 'WAS, MON',           'WSH, was',      'WSH',      'WSH, WAS', 'WAS, WSH', 'WSH',           'WSH, WAS, WSN')
),
name (abbreviation, full_names, nicknames, short_names, slug, others) AS (
    VALUES
    ('ATH', 'Athletics, Oakland Athletics',           'A''s',                  'Oakland',       'oakland-athletics',     'Oakland A''s, Sacramento A''s, Las Vegas A''s, '
                                                                                                                         'Las Vegas Athletics, '
                                                                                                                         'Sacramento Athletics, '
                                                                                                                         'Sacramento'),
    ('ATL', 'Atlanta Braves',                         'Braves',                'Atlanta',       'atlanta-braves',        ''),
    ('AZ',  'Arizona Diamondbacks',                   'Diamondbacks, D-backs', 'Arizona',       'arizona-diamondbacks',  'Dbacks, D''backs, Arizona D''backs, '
                                                                                                                         'Arizona Dbacks, '
                                                                                                                         'Arizona D-backs'),
    ('BAL', 'Baltimore Orioles',                      'Orioles',               'Baltimore',     'baltimore-orioles',     ''),
    ('BOS', 'Boston Red Sox',                         'Red Sox',               'Boston',        'boston-red-sox',        ''),
    ('CHC', 'Chicago Cubs',                           'Cubs',                  'Chi Cubs',      'chicago-cubs',          ''),
    ('CIN', 'Cincinnati Reds',                        'Reds',                  'Cincinnati',    'cincinnati-reds',       ''),
    ('CLE', 'Cleveland Guardians, Cleveland Indians', 'Guardians, Indians',    'Cleveland',     'cleveland-guardians',   ''),
    ('COL', 'Colorado Rockies',                       'Rockies',               'Colorado',      'colorado-rockies',      ''),
    ('CWS', 'Chicago White Sox',                      'White Sox',             'Chi White Sox', 'chicago-white-sox',     ''),
    ('DET', 'Detroit Tigers',                         'Tigers',                'Detroit',       'detroit-tigers',        ''),
    ('HOU', 'Houston Astros',                         'Astros',                'Houston',       'houston-astros',        ''),
    ('KC',  'Kansas City Royals',                     'Royals',                'Kansas City',   'kansas-city-royals',    'KC Royals'),
    ('LAA', 'Los Angeles Angels',                     'Angels',                'LA Angels',     'los-angeles-angels',    'L.A. Angels, '
                                                                                                                         'Los Angeles Angels of Anaheim, '
                                                                                                                         'Anaheim Angels, '
                                                                                                                         'California Angels'),
    ('LAD', 'Los Angeles Dodgers',                    'Dodgers',               'LA Dodgers',    'los-angeles-dodgers',   'L.A. Dodgers'),
    ('MIA', 'Miami Marlins',                          'Marlins',               'Miami',         'miami-marlins',         'Florida Marlins'),
    ('MIL', 'Milwaukee Brewers',                      'Brewers',               'Milwaukee',     'milwaukee-brewers',     ''),
    ('MIN', 'Minnesota Twins',                        'Twins',                 'Minnesota',     'minnesota-twins',       ''),
    ('NYM', 'New York Mets',                          'Mets',                  'NY Mets',       'new-york-mets',         'N.Y. Mets, New York M'),
    ('NYY', 'New York Yankees',                       'Yankees',               'NY Yankees',    'new-york-yankees',      'N.Y. Yankees, New York Y'),
    ('PHI', 'Philadelphia Phillies',                  'Phillies',              'Philadelphia',  'philadelphia-phillies', ''),
    ('PIT', 'Pittsburgh Pirates',                     'Pirates',               'Pittsburgh',    'pittsburgh-pirates',    ''),
    ('SD',  'San Diego Padres',                       'Padres',                'San Diego',     'san-diego-padres',      'SD Padres'),
    ('SEA', 'Seattle Mariners',                       'Mariners',              'Seattle',       'seattle-mariners',      ''),
    ('SF',  'San Francisco Giants',                   'Giants',                'San Francisco', 'san-francisco-giants',  'SF Giants'),
    ('STL', 'St. Louis Cardinals',                    'Cardinals',             'St. Louis',     'st-louis-cardinals',    'St Louis Cardinals, '
                                                                                                                         'St.Louis Cardinals, '
                                                                                                                         'Saint Louis Cardinals, '
                                                                                                                         'STL Cardinals, '
                                                                                                                         'St Louis'),
    ('TB',  'Tampa Bay Rays',                         'Rays',                  'Tampa Bay',     'tampa-bay-rays',        'TB Rays, '
                                                                                                                         'Tampa Bay Devil Rays, '
                                                                                                                         'Devil Rays'),
    ('TEX', 'Texas Rangers',                          'Rangers',               'Texas',         'texas-rangers',         ''),
    ('TOR', 'Toronto Blue Jays',                      'Blue Jays',             'Toronto',       'toronto-blue-jays',     ''),
    ('WSH', 'Washington Nationals',                   'Nationals',             'Washington',    'washington-nationals',  'Nats, Montreal Expos'),
    ('AL',  'American League',                        '',                      '',              'american-league',       'AL All-Stars, '
                                                                                                                         'American League All-Stars'),
    ('NL',  'National League',                        '',                      '',              'national-league',       'NL All-Stars, '
                                                                                                                         'National League All-Stars')
),
spelling (abbreviation, source, aliases) AS (
    SELECT code.abbreviation, listed.source, listed.aliases
      FROM code
     CROSS JOIN LATERAL (VALUES
        ('retrosheet',     code.retrosheet),
        ('mlb_stats_api',  code.mlb_stats_api),
        ('espn',           code.espn),
        ('action_network', code.action_network),
        ('sbd',            code.sbd),
        ('vsin',           code.vsin),
        ('any',            code.any_source)
     ) AS listed (source, aliases)
     UNION ALL
    SELECT name.abbreviation, listed.source, listed.aliases
      FROM name
     CROSS JOIN LATERAL (VALUES
        ('mlb_stats_api',  name.full_names),
        ('mlb_stats_api',  name.nicknames),
        ('mlb_stats_api',  name.short_names),
        ('espn',           name.full_names),
        ('espn',           name.nicknames),
        ('odds_api',       name.full_names),
        ('action_network', name.full_names),
        ('action_network', name.nicknames),
        ('action_network', name.slug),
        ('sbd',            name.nicknames),
        ('sbd',            name.short_names),
        ('vsin',           name.full_names),
        ('vsin',           name.nicknames),
        ('any',            name.full_names),
        ('any',            name.nicknames),
        ('any',            name.short_names),
        ('any',            name.slug),
        ('any',            name.others)
     ) AS listed (source, aliases)
     UNION ALL  -- a code before the nickname: WSH Nationals, CLE Guardians
    SELECT code.abbreviation, 'any', each_code || ' ' || nickname
      FROM code
      JOIN name USING (abbreviation)
     CROSS JOIN string_to_table(code.any_source, ', ') AS each_code
     CROSS JOIN string_to_table(name.nicknames, ', ') AS nickname
     WHERE nickname <> ''
)
