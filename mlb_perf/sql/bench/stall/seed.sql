-- The rows that a migration meets: {rows} responses of 240 games over eight months, a sixth as
-- many quotes in staging, an eighth as many lines. Statements are run one by one.

INSERT INTO curated.enhanced_games (game_id, league_id, season, game_date, home_team_id, away_team_id)
SELECT g, t.league_id, 2025, date '2025-03-01' + g::integer, t.team_id, o.team_id
FROM generate_series(1, 240) AS g,
    (SELECT league_id, team_id FROM curated.teams ORDER BY team_id LIMIT 1) AS t,
    (SELECT team_id FROM curated.teams ORDER BY team_id DESC LIMIT 1) AS o;

INSERT INTO raw_data.odds_api_odds
    (external_game_id, sportsbook_key, collected_at, payload, origin, processed_at)
SELECT md5((g % 240)::text), 'book ' || g / 240 % 8,
    timestamptz '2025-03-01 00:00+00' + (g % 240) * interval '1 day' + g / 1920 * interval '30 seconds',
    jsonb_build_object('id', md5(g::text), 'title', 'Book ' || g % 8, 'markets', jsonb_build_array(
        jsonb_build_object('key', 'h2h', 'outcomes', jsonb_build_array(
            jsonb_build_object('name', 'Home', 'price', -100 - g % 80),
            jsonb_build_object('name', 'Away', 'price', 100 + g % 90))),
        jsonb_build_object('key', 'totals', 'outcomes', jsonb_build_array(
            jsonb_build_object('name', 'Over', 'point', 8.5, 'price', -110),
            jsonb_build_object('name', 'Under', 'point', 8.5, 'price', -105))))),
    'seed.jsonl:' || g, CASE WHEN g % 50 > 0 THEN now() END
FROM generate_series(1, {rows}) AS g;

INSERT INTO staging.betting_odds_unified
    (external_game_id, source, sportsbook_key, sportsbook_id, market_type, side, price,
     decimal_price, game_id, game_date, collected_at, data_quality_score, validation_status)
SELECT md5((g % 240)::text), 'odds_api', 'book ' || g / 240 % 8, 1 + g / 240 % 8, 'moneyline',
    (ARRAY['home', 'away'])[1 + g % 2], -100 - g % 80, 1.5, 1 + g % 240, date '2025-03-02' + g % 240,
    timestamptz '2025-03-01 00:00+00' + (g % 240) * interval '1 day' + g / 1920 * interval '30 seconds',
    1, 'valid'
FROM generate_series(1, {rows} / 6) AS g;

INSERT INTO curated.betting_lines_unified
    (game_id, game_date, sportsbook_id, source, market_type, side, price, decimal_price,
     implied_probability, first_seen_at, last_seen_at, data_quality_score)
SELECT 1 + g % 240, date '2025-03-02' + g % 240, s.sportsbook_id, 'odds_api', 'moneyline',
    (ARRAY['home', 'away'])[1 + g % 2], -100 - g % 80, 1.9, 0.52631579,
    m.seen_at, m.seen_at + interval '20 seconds', 1
FROM generate_series(1, {rows} / 8) AS g
JOIN (SELECT sportsbook_id, row_number() OVER (ORDER BY sportsbook_id) - 1 AS n
    FROM curated.sportsbooks LIMIT 8) AS s ON s.n = g / 240 % 8
CROSS JOIN LATERAL (SELECT timestamptz '2025-03-01 00:00+00' + (g % 240) * interval '1 day'
    + g / 1920 * interval '30 seconds' AS seen_at) AS m;
