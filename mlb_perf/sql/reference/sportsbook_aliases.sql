-- How each feed names the sportsbooks, first where it uses our key, then its other spellings.
-- Action Network's are its numeric book ids, and its ids per state or country go to the brand. Source
-- 'any' holds what means one book whoever wrote it.
-- Source: The Odds API's list of bookmakers, Action Network's list of books, VSiN, SportsBettingDime.
-- Lists are comma-separated. Matching folds case and trims blanks, so a spelling that differs from a
-- listed one in these alone is not listed.
WITH by_key (source, keys) AS (
    VALUES
    ('odds_api', 'draftkings, fanduel, betmgm, caesars, betrivers, fanatics, bet365, espnbet, '
                 'hardrockbet, hardrockbet_az, hardrockbet_fl, hardrockbet_oh, ballybet, betparx, '
                 'fliff, rebet, wynnbet, superbook, betway, sisportsbook, sugarhouse, windcreek, '
                 'twinspires, foxbet, novig, prophetx, betopenly, kalshi, polymarket, lowvig, '
                 'bovada, betus, betanysports, pinnacle, everygame, gtbets, matchbook, smarkets, '
                 'betfair_ex_uk, betfair_ex_eu, betfair_ex_au, williamhill, unibet_uk, betvictor, '
                 'sport888, onexbet, betsson, nordicbet, coolbet, marathonbet, bet365_au, '
                 'pointsbetau, sportsbet, tab'
                 ', betfair_sb_uk, boylesports, casumo, coral, grosvenor, ladbrokes_uk, leovegas,'
                 ' livescorebet, livescorebet_eu, paddypower, skybet, virginbet, betclic_fr,'
                 ' codere_it, leovegas_se, netbet_fr, parionssport_fr, pmu_fr, suprabets,'
                 ' tipico_de, unibet_eu, unibet_fr, unibet_it, unibet_nl, unibet_se, winamax_de,'
                 ' winamax_fr, atg_se, mrgreen_se, campobet_se, betr_au, betright, bluebet,'
                 ' boombet, dabble_au, ladbrokes_au, neds, playup, tabtouch, topsport, betr_us_dfs,'
                 ' dabble_us_dfs, pick6, prizepicks, underdog'),
    ('sbd',      'draftkings, fanduel, betmgm, caesars, fanatics, bet365'),
    ('vsin',     'draftkings, circa'),
    ('any',      'draftkings, fanduel, betmgm, caesars, betrivers, fanatics, bet365, espnbet, '
                 'hardrockbet, hardrockbet_az, hardrockbet_fl, hardrockbet_oh, ballybet, betparx, '
                 'fliff, rebet, wynnbet, pointsbet, superbook, unibet, betfred, betway, tipico, '
                 'sisportsbook, sugarhouse, borgata, resortsworldbet, crabsports, windcreek, '
                 'twinspires, foxbet, circa, southpoint, stations, goldennugget, boomers, novig, '
                 'prophetx, betopenly, kalshi, polymarket, betonline, lowvig, mybookie, bovada, '
                 'betus, betanysports, bookmaker, betcris, heritage, 5dimes, pinnacle, everygame, '
                 'gtbets, matchbook, smarkets, betfair_ex_uk, betfair_ex_eu, betfair_ex_au, '
                 'williamhill, unibet_uk, unibet_au, betvictor, sport888, onexbet, betsson, '
                 'nordicbet, coolbet, marathonbet, bet365_au, pointsbetau, sportsbet, tab, '
                 'action_network_consensus, action_network_open, sbd_consensus, vsin_consensus'
                 ', betfair_sb_uk, boylesports, casumo, coral, grosvenor, ladbrokes_uk, leovegas,'
                 ' livescorebet, livescorebet_eu, paddypower, skybet, virginbet, betclic_fr,'
                 ' codere_it, leovegas_se, netbet_fr, parionssport_fr, pmu_fr, suprabets,'
                 ' tipico_de, unibet_eu, unibet_fr, unibet_it, unibet_nl, unibet_se, winamax_de,'
                 ' winamax_fr, atg_se, mrgreen_se, campobet_se, betr_au, betright, bluebet,'
                 ' boombet, dabble_au, ladbrokes_au, neds, playup, tabtouch, topsport, betr_us_dfs,'
                 ' dabble_us_dfs, pick6, prizepicks, underdog')
),
by_name (source, key, aliases) AS (
    VALUES
    ('odds_api',       'caesars',                  'williamhill_us'),
    ('odds_api',       'espnbet',                  'barstool'),
    ('odds_api',       'pointsbet',                'pointsbetus'),
    ('odds_api',       'unibet',                   'unibet_us'),
    ('odds_api',       'tipico',                   'tipico_us'),
    ('odds_api',       'circa',                    'circasports'),
    ('odds_api',       'betonline',                'betonlineag'),
    ('odds_api',       'mybookie',                 'mybookieag'),
    ('odds_api',       'everygame',                'intertops'),
    ('odds_api',       'unibet_au',                'unibet'),
    ('action_network', 'draftkings',               '68, 286, 1533, 1534, 1535, 1536, 1537, 1538, 1539, '
                                                   '1541, 1542, 1546, 1548, 1549, 1550, 1632, 1633, 1634, '
                                                   '1635, 1963, 1997, 2031, 2260, 2465, 2692, 2853, 3118'),
    ('action_network', 'fanduel',                  '69, 252, 255, 256, 257, 270, 358, 366, 385, 647, 741, '
                                                   '1006, 1038, 1138, 1731, 1765, 1897, 1968, 1998, 2028, '
                                                   '2229, 2466, 2856, 2888'),
    ('action_network', 'betmgm',                   '75, 248, 258, 261, 280, 281, 282, 283, 346, 347, 369, '
                                                   '444, 510, 543, 807, 939, 1137, 1203, 1368, 1599, '
                                                   '1665, 2228, 2399, 2889, 3019'),
    ('action_network', 'caesars',                  '13, 49, 123, 276, 277, 279, 312, 355, 356, 367, 387, '
                                                   '645, 808, 1005, 1244, 1896, 1898, 1906, 1969, 2029, '
                                                   '2261, 2457, 2693, 3120'),
    ('action_network', 'betrivers',                '71, 121, 122, 250, 262, 348, 350, 357, 774, 972, '
                                                   '1078, 1204, 1831, 1964, 2096'),
    ('action_network', 'fanatics',                 '2396, 2398, 2400, 2401, 2630, 2757, 2787, 2788, 2789, '
                                                   '2790, 2791, 2821, 2855, 2887, 2986, 2987, 2988, 2989, '
                                                   '2990, 3151'),
    ('action_network', 'bet365',                   '24, 79, 1071, 1270, 1971, 2161, 2293, 2358, 2464, '
                                                   '2651, 2652, 2653, 2654, 2655, 2656, 2657, 2658, 2659, '
                                                   '2660, 2661, 2662, 2727, 2891, 2920, 2921, 3183, 3216'),
    ('action_network', 'espnbet',                  '352, 353, 1797, 1798, 1799, 1830, 1863, 1864, 1865, '
                                                   '1866, 1867, 1900, 1922, 1966, 2030, 2262, 2668, 2755, '
                                                   '2890'),
    ('action_network', 'hardrockbet',              '1901, 1907, 1921, 1923, 2127, 2724, 2725'),
    ('action_network', 'ballybet',                 '1903, 1904, 1905, 3320, 3321, 3322, 3323, 3324'),
    ('action_network', 'betparx',                  '74, 873, 1929'),
    ('action_network', 'fliff',                    '2292'),
    ('action_network', 'wynnbet',                  '379, 974'),
    ('action_network', 'pointsbet',                '1207, 1800, 1965, 2061'),
    ('action_network', 'superbook',                '14'),
    ('action_network', 'unibet',                   '246, 247, 267, 411, 644, 1076, 1205, 3093'),
    ('action_network', 'betfred',                  '478, 481, 841, 1075, 3090'),
    ('action_network', 'betway',                   '908, 909, 910, 911, 912, 1074, 2664, 2666, 3092'),
    ('action_network', 'tipico',                   '315, 1206, 2598, 2675'),
    ('action_network', 'sisportsbook',             '675'),
    ('action_network', 'sugarhouse',               '708'),
    ('action_network', 'borgata',                  '477'),
    ('action_network', 'resortsworldbet',          '1902'),
    ('action_network', 'crabsports',               '3326'),
    ('action_network', 'circa',                    '78'),
    ('action_network', 'southpoint',               '31'),
    ('action_network', 'stations',                 '18'),
    ('action_network', 'goldennugget',             '47'),
    ('action_network', 'prophetx',                 '1467'),
    ('action_network', 'betonline',                '1'),
    ('action_network', 'lowvig',                   '56'),
    ('action_network', 'mybookie',                 '8'),
    ('action_network', 'bovada',                   '21'),
    ('action_network', 'betus',                    '7'),
    ('action_network', 'bookmaker',                '34'),
    ('action_network', 'betcris',                  '5'),
    ('action_network', 'heritage',                 '16'),
    ('action_network', '5dimes',                   '55'),
    ('action_network', 'pinnacle',                 '3'),
    ('action_network', 'everygame',                '4'),
    ('action_network', 'gtbets',                   '50'),
    ('action_network', 'matchbook',                '35'),
    ('action_network', 'williamhill',              '1073, 2604, 2605, 2606, 3094'),
    ('action_network', 'betvictor',                '1239, 1240, 3089'),
    ('action_network', 'sport888',                 '1072, 3091'),
    ('action_network', 'onexbet',                  '2495'),
    ('action_network', 'nordicbet',                '2576'),
    ('action_network', 'coolbet',                  '2539'),
    ('action_network', 'marathonbet',              '2567'),
    ('action_network', 'sportsbet',                '2592'),
    ('action_network', 'action_network_consensus', '15, Consensus'),
    ('action_network', 'action_network_open',      '30, Open'),
    ('sbd',            'draftkings',               'DraftKings Sportsbook'),
    ('sbd',            'fanduel',                  'FanDuel Sportsbook'),
    ('sbd',            'caesars',                  'Caesars Sportsbook'),
    ('sbd',            'fanatics',                 'Fanatics Sportsbook'),
    ('sbd',            'sbd_consensus',            'consensus, SBD'),
    ('vsin',           'draftkings',               'DK'),
    ('vsin',           'betmgm',                   'BetMGM'),
    ('vsin',           'caesars',                  'Caesars'),
    ('vsin',           'wynnbet',                  'Wynn'),
    ('vsin',           'superbook',                'Westgate'),
    ('vsin',           'southpoint',               'South Point'),
    ('vsin',           'stations',                 'Stations'),
    ('vsin',           'goldennugget',             'Golden Nugget, GLD Nugget'),
    ('vsin',           'boomers',                  'Boomers'),
    ('vsin',           'vsin_consensus',           'consensus, VSIN'),
    ('any',            'draftkings',               'DraftKings Sportsbook, DK'),
    ('any',            'fanduel',                  'FanDuel Sportsbook, FD'),
    ('any',            'betmgm',                   'Bet MGM, BetMGM Sportsbook, MGM'),
    ('any',            'caesars',                  'Caesars Sportsbook, William Hill US, williamhill_us'),
    ('any',            'betrivers',                'Bet Rivers, BetRivers Sportsbook'),
    ('any',            'fanatics',                 'Fanatics Sportsbook, Fanatics Betting'),
    ('any',            'bet365',                   'Bet 365'),
    ('any',            'espnbet',                  'ESPN BET, theScore Bet, thescorebet, '
                                                   'Barstool Sportsbook'),
    ('any',            'hardrockbet',              'Hard Rock Bet, Hard Rock, HardRock'),
    ('any',            'ballybet',                 'Bally Bet, Bally'),
    ('any',            'betparx',                  'Parx'),
    ('any',            'wynnbet',                  'Wynn'),
    ('any',            'pointsbet',                'PointsBet (US), pointsbetus'),
    ('any',            'superbook',                'Westgate, Westgate SuperBook'),
    ('any',            'unibet',                   'Unibet US, unibet_us'),
    ('any',            'tipico',                   'Tipico US, tipico_us'),
    ('any',            'sisportsbook',             'SI Sportsbook'),
    ('any',            'resortsworldbet',          'Resorts World Bet'),
    ('any',            'crabsports',               'Crab Sports, CrabsSports'),
    ('any',            'windcreek',                'Wind Creek'),
    ('any',            'foxbet',                   'FOX Bet'),
    ('any',            'circa',                    'Circa Sports, circasports'),
    ('any',            'southpoint',               'South Point'),
    ('any',            'stations',                 'Station Casinos, STN Sports'),
    ('any',            'goldennugget',             'Golden Nugget'),
    ('any',            'boomers',                  'Boomers Sports'),
    ('any',            'prophetx',                 'Prophet, Prophet Exchange'),
    ('any',            'betonline',                'BetOnline.ag, betonlineag'),
    ('any',            'lowvig',                   'LowVig.ag'),
    ('any',            'mybookie',                 'MyBookie.ag, mybookieag'),
    ('any',            'bovada',                   'Bovada.lv'),
    ('any',            'betanysports',             'BetAnything'),
    ('any',            'bookmaker',                'Bookmaker.eu'),
    ('any',            'betcris',                  'CRIS'),
    ('any',            'heritage',                 'Heritage Sports'),
    ('any',            '5dimes',                   'Five Dimes'),
    ('any',            'pinnacle',                 'Pinnacle Sports'),
    ('any',            'everygame',                'Intertops'),
    ('any',            'williamhill',              'William Hill'),
    ('any',            'betvictor',                'Bet Victor'),
    ('any',            'sport888',                 '888sport'),
    ('any',            'onexbet',                  '1xBet'),
    ('any',            'nordicbet',                'Nordic Bet'),
    ('any',            'marathonbet',              'Marathon Bet'),
    ('any',            'pointsbetau',              'PointsBet (AU)')
),
spelling (source, key, aliases) AS (
    SELECT by_key.source, listed.key, listed.key
      FROM by_key
     CROSS JOIN LATERAL string_to_table(by_key.keys, ', ') AS listed (key)
     UNION ALL
    SELECT by_name.source, by_name.key, by_name.aliases
      FROM by_name
)
