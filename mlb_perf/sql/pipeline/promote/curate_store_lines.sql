-- The lines of the games as they are now.
-- Without statistics the joins of the following steps are planned for one row.
ANALYZE line (game_id, market_type, side, sportsbook_id, source, first_seen_at), promoted_game;

DELETE FROM curated.betting_lines_unified AS old
USING promoted_game AS g
WHERE old.game_id = g.game_id AND old.game_date = g.game_date
  AND NOT EXISTS (
    SELECT FROM line
    WHERE line.game_id = old.game_id
      AND line.sportsbook_id = old.sportsbook_id AND line.market_type = old.market_type
      AND line.side = old.side AND line.source = old.source
      AND line.first_seen_at = old.first_seen_at
  );

INSERT INTO curated.betting_lines_unified AS old (
    game_id, game_date, sportsbook_id, source, market_type, side, line_value, price, decimal_price,
    implied_probability, first_seen_at, last_seen_at, quote_count, is_opening, is_closing,
    is_in_play, data_quality_score
)
SELECT game_id, game_date, sportsbook_id, source, market_type, side, line_value, price,
    decimal_price, round(1 / decimal_price, 8), first_seen_at, last_seen_at, quote_count,
    is_opening, is_closing, is_in_play, data_quality_score
FROM line
ON CONFLICT (game_id, game_date, sportsbook_id, market_type, side, source, first_seen_at)
DO UPDATE SET
    line_value = excluded.line_value, price = excluded.price,
    decimal_price = excluded.decimal_price, implied_probability = excluded.implied_probability,
    last_seen_at = excluded.last_seen_at, quote_count = excluded.quote_count,
    is_opening = excluded.is_opening, is_closing = excluded.is_closing,
    is_in_play = excluded.is_in_play, data_quality_score = excluded.data_quality_score,
    updated_at = now()
WHERE (old.line_value, old.price, old.decimal_price, old.last_seen_at, old.quote_count,
       old.is_opening, old.is_closing, old.is_in_play, old.data_quality_score)
    IS DISTINCT FROM
      (excluded.line_value, excluded.price, excluded.decimal_price, excluded.last_seen_at,
       excluded.quote_count, excluded.is_opening, excluded.is_closing, excluded.is_in_play,
       excluded.data_quality_score);
