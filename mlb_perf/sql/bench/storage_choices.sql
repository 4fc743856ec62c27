-- What the layouts that were weighed in docs/storage.md take: bytes a row of heap and of the
-- natural key, on 300,000 invented quotes (s) and lines (c). 0 is the baseline's order and types,
-- 1 the order of models/packing.py with integer ids of books, 2 enum types besides, 3 "char" codes.
\set ON_ERROR_STOP 1
SET search_path = pg_catalog;
CREATE SCHEMA mlb_perf_layouts;
CREATE TYPE mlb_perf_layouts.market AS ENUM ('moneyline','spread','total');
CREATE TYPE mlb_perf_layouts.side AS ENUM ('home','away','over','under');
CREATE TYPE mlb_perf_layouts.vstatus AS ENUM ('pending','valid','suspect','invalid');
-- staging odds
CREATE UNLOGGED TABLE mlb_perf_layouts.s0 AS
SELECT md5((g/2000)::text)::varchar(64) external_game_id, g::bigint odds_id, 'odds_api'::varchar(32) source,
 (ARRAY['draftkings','fanduel','betmgm','williamhill_us','bovada','betonlineag','pointsbetus','mybookieag'])[1+g%8]::varchar(64) sportsbook_key,
 (1+g%8)::bigint sportsbook_id, (ARRAY['moneyline','spread','total'])[1+(g/8)%3]::varchar(16) market_type,
 CASE (g/8)%3 WHEN 2 THEN (ARRAY['over','under'])[1+(g/24)%2] ELSE (ARRAY['home','away'])[1+(g/24)%2] END::varchar(16) side,
 CASE (g/8)%3 WHEN 0 THEN NULL WHEN 1 THEN -1.5 ELSE 8.5 END::numeric(6,1) line_value, (-110-(g%40))::int price,
 (1+100.0/(110+g%40))::numeric(12,6) decimal_price, false is_in_play, (g/2000)::bigint game_id, date '2025-04-01'+ (g/30000) game_date,
 timestamptz '2025-04-01'+ (g/48)*interval '5 min' collected_at, (CASE WHEN g%10=0 THEN 0.7 ELSE 1 END)::numeric(4,3) dqs, (CASE WHEN g%10=0 THEN 'suspect' ELSE 'valid' END)::varchar(16) validation_status,
 NULL::jsonb validation_errors, now()+g*interval '1ms' created_at, now()+g*interval '1ms' updated_at
FROM generate_series(1,300000) g;
CREATE UNLOGGED TABLE mlb_perf_layouts.s1 AS SELECT odds_id, collected_at, created_at, updated_at, game_id, sportsbook_id::int sportsbook_id, price, game_date, is_in_play, external_game_id, source, sportsbook_key, market_type, side, line_value, decimal_price, dqs, validation_status, validation_errors FROM mlb_perf_layouts.s0;
CREATE UNLOGGED TABLE mlb_perf_layouts.s2 AS SELECT odds_id, collected_at, created_at, updated_at, game_id, sportsbook_id::int sportsbook_id, price, game_date, market_type::text::mlb_perf_layouts.market market_type, side::text::mlb_perf_layouts.side side, validation_status::text::mlb_perf_layouts.vstatus validation_status, is_in_play, external_game_id, source, sportsbook_key, line_value, decimal_price, dqs, validation_errors FROM mlb_perf_layouts.s0;
CREATE UNLOGGED TABLE mlb_perf_layouts.s3 AS SELECT odds_id, collected_at, created_at, updated_at, game_id, price, game_date, sportsbook_id::smallint sportsbook_id, is_in_play, left(market_type,1)::"char" market_type, left(side,1)::"char" side, left(validation_status,1)::"char" vs, external_game_id, source, sportsbook_key, line_value, decimal_price, dqs, validation_errors FROM mlb_perf_layouts.s0;
DO $$ BEGIN FOR i IN 0..3 LOOP
EXECUTE format('CREATE UNIQUE INDEX s%1$s_nk ON mlb_perf_layouts.s%1$s (external_game_id, source, sportsbook_key, market_type, side, collected_at)', i);
END LOOP; END $$;
CREATE UNLOGGED TABLE mlb_perf_layouts.c0 AS SELECT game_id, game_date, odds_id line_id, sportsbook_id, source, market_type, side, line_value, price, decimal_price, round(1/decimal_price,8)::numeric(9,8) ip, collected_at first_seen_at, collected_at last_seen_at, 1::int quote_count, false io, false ic, is_in_play, dqs, created_at, updated_at FROM mlb_perf_layouts.s0;
CREATE UNLOGGED TABLE mlb_perf_layouts.c1 AS SELECT game_id, line_id, first_seen_at, last_seen_at, created_at, updated_at, game_date, sportsbook_id::int sportsbook_id, price, quote_count, io, ic, is_in_play, source, market_type, side, line_value, decimal_price, ip, dqs FROM mlb_perf_layouts.c0;
CREATE UNLOGGED TABLE mlb_perf_layouts.c2 AS SELECT game_id, line_id, first_seen_at, last_seen_at, created_at, updated_at, game_date, sportsbook_id::int sportsbook_id, price, quote_count, market_type::text::mlb_perf_layouts.market market_type, side::text::mlb_perf_layouts.side side, io, ic, is_in_play, source, line_value, decimal_price, ip, dqs FROM mlb_perf_layouts.c0;
CREATE UNLOGGED TABLE mlb_perf_layouts.c3 AS SELECT game_id, line_id, first_seen_at, last_seen_at, created_at, updated_at, game_date, price, quote_count, sportsbook_id::smallint sportsbook_id, left(market_type,1)::"char" market_type, left(side,1)::"char" side, io, ic, is_in_play, source, line_value, decimal_price, ip, dqs FROM mlb_perf_layouts.c0;
DO $$ BEGIN FOR i IN 0..3 LOOP
EXECUTE format('CREATE UNIQUE INDEX c%1$s_nk ON mlb_perf_layouts.c%1$s (game_id, game_date, sportsbook_id, market_type, side, source, first_seen_at)', i);
END LOOP; END $$;
SELECT c.relname AS layout,
    round(pg_relation_size(c.oid) / 300000.0) AS heap,
    round(pg_relation_size(i.oid) / 300000.0) AS natural_key,
    round((pg_relation_size(c.oid) + pg_relation_size(i.oid)) / 300000.0) AS together
FROM pg_class AS c
JOIN pg_class AS i ON i.relname = c.relname || '_nk' AND i.relnamespace = c.relnamespace
WHERE c.relnamespace = 'mlb_perf_layouts'::regnamespace AND c.relkind = 'r'
ORDER BY 1;

DROP SCHEMA mlb_perf_layouts CASCADE;
