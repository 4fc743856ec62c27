-- The lines of the games as they are now.
-- Without statistics the joins of the following steps are planned for one row.
ANALYZE line (game_id, market_type, side, sportsbook_id, source, first_seen_at), promoted_game;

INSERT INTO stale_line
SELECT old.game_id, old.game_date, old.sportsbook_id, old.market_type, old.side, old.source,
    old.first_seen_at
FROM {stored_lines} AS old
JOIN promoted_game AS g ON old.game_id = g.game_id AND old.game_date = g.game_date
WHERE NOT EXISTS (
    SELECT 1 FROM line
    WHERE line.game_id = old.game_id
      AND line.sportsbook_id = old.sportsbook_id AND line.market_type = old.market_type
      AND line.side = old.side AND line.source = old.source
      AND line.first_seen_at = old.first_seen_at
  );

-- Without statistics the planner may read the whole table for a few rows.
ANALYZE stale_line;

DELETE FROM curated.betting_lines_unified AS old
USING stale_line AS s
WHERE old.game_id = s.game_id AND old.game_date = s.game_date
  AND old.sportsbook_id = s.sportsbook_id AND old.market_type = s.market_type
  AND old.side = s.side AND old.source = s.source AND old.first_seen_at = s.first_seen_at;

INSERT INTO curated.betting_lines_unified AS old (
    game_id, game_date, sportsbook_id, source, market_type, side, line_value, price, decimal_price,
    implied_probability, first_seen_at, last_seen_at, quote_count, is_opening, is_closing,
    is_in_play, data_quality_score, updated_at
)
SELECT game_id, game_date, sportsbook_id, source, market_type, side, line_value, price,
    decimal_price, round(1 / decimal_price, 8), first_seen_at, last_seen_at, quote_count,
    is_opening, is_closing, is_in_play, data_quality_score, now()
FROM line
ON CONFLICT (game_id, game_date, sportsbook_id, market_type, side, source, first_seen_at)
DO UPDATE SET
    line_value = excluded.line_value, price = excluded.price,
    decimal_price = excluded.decimal_price, implied_probability = excluded.implied_probability,
    last_seen_at = excluded.last_seen_at, quote_count = excluded.quote_count,
    is_opening = excluded.is_opening, is_closing = excluded.is_closing,
    is_in_play = excluded.is_in_play, data_quality_score = excluded.data_quality_score,
    updated_at = excluded.updated_at
WHERE (old.line_value, old.price, old.decimal_price, old.last_seen_at, old.quote_count,
       old.is_opening, old.is_closing, old.is_in_play, old.data_quality_score)
    IS DISTINCT FROM
      (excluded.line_value, excluded.price, excluded.decimal_price, excluded.last_seen_at,
       excluded.quote_count, excluded.is_opening, excluded.is_closing, excluded.is_in_play,
       excluded.data_quality_score);
