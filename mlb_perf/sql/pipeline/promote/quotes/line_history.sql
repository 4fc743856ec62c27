-- One row of the user's file: one side, or all of them, in named columns. Market
-- and side are the loader's words, which stand in the row's key. Where rows of one
-- side at one moment differ in their line, the one nearest to even money is the
-- market's and the others are alternates, whichever of them are in the batch.
INSERT INTO quote (
    raw_id, quoted_at, sportsbook_key, market_key, side_key, line_text, price_text, price_format,
    moment_kind, record
)
SELECT r.raw_id, r.collected_at, r.sportsbook_key, side.market, side.side, side.line, side.price,
    r.payload ->> 'prices', r.payload ->> 'without_time',
    jsonb_build_object('market', side.market, 'side', side.side, 'line', side.line,
        'price', side.price)
FROM batch AS r
CROSS JOIN LATERAL (VALUES
    (CASE
        WHEN r.market_type = 'all' THEN NULL
        WHEN r.side <> 'all' AND EXISTS (
            SELECT 1 FROM {line_history} AS nearer
            WHERE nearer.external_game_id = r.external_game_id
              AND nearer.sportsbook_key = r.sportsbook_key
              AND nearer.market_type = r.market_type AND nearer.collected_at = r.collected_at
              AND nearer.side = r.side AND nearer.source = r.source
              AND nearer.line_key <> r.line_key
              AND (pg_temp.from_even(nearer.payload), nearer.line_key)
                < (pg_temp.from_even(r.payload), r.line_key)
        ) THEN 'alternate ' || r.market_type
        ELSE r.market_type
     END,
     CASE WHEN r.side IN ('home', 'away', 'over', 'under') THEN r.side
        ELSE nullif(r.payload ->> 'side', 'all') END, r.payload ->> 'line_value', r.payload ->> 'price'),
    ('moneyline', 'home', NULL, r.payload ->> 'moneyline_home'),
    ('moneyline', 'away', NULL, r.payload ->> 'moneyline_away'),
    ('spread', 'home', coalesce(
        nullif(r.payload ->> 'spread_home', ''),
        (-pg_temp.as_line(r.payload ->> 'spread_away'))::text, r.payload ->> 'spread_away'
     ), r.payload ->> 'spread_home_price'),
    ('spread', 'away', coalesce(
        nullif(r.payload ->> 'spread_away', ''),
        (-pg_temp.as_line(r.payload ->> 'spread_home'))::text, r.payload ->> 'spread_home'
     ), r.payload ->> 'spread_away_price'),
    ('total', 'over', r.payload ->> 'total', r.payload ->> 'over_price'),
    ('total', 'under', r.payload ->> 'total', r.payload ->> 'under_price')
) AS side (market, side, line, price)
WHERE side.price IS NOT NULL;

-- A side that is a team's name, in whatever spelling.
CREATE TEMPORARY TABLE named_side ON COMMIT DROP AS
WITH meant AS (
    SELECT DISTINCT told.side_key, alias.team_id
    FROM (
        SELECT DISTINCT side_key FROM quote
        WHERE side_key NOT IN ('home', 'away', 'over', 'under')
    ) AS told
    JOIN staging.team_aliases AS alias
      ON pg_temp.folded(alias.alias) IN (
        pg_temp.folded(told.side_key), pg_temp.team_name(told.side_key)
    )
)
SELECT quote.raw_id, quote.side_key,
    CASE meant.team_id WHEN g.home_team_id THEN 'home' ELSE 'away' END AS side
FROM quote
JOIN meant ON meant.side_key = quote.side_key
JOIN batch ON batch.raw_id = quote.raw_id
JOIN curated.game_id_mappings AS m
  ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
JOIN curated.enhanced_games AS g
  ON g.game_id = m.game_id AND meant.team_id IN (g.home_team_id, g.away_team_id);

UPDATE quote
SET side_key = named.side
FROM named_side AS named
WHERE named.raw_id = quote.raw_id AND named.side_key = quote.side_key;

DROP TABLE pg_temp.named_side
