-- The marks of the closing lines, by the primary key.
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
DO UPDATE SET is_closing = excluded.is_closing, updated_at = excluded.updated_at
WHERE old.is_closing <> excluded.is_closing
