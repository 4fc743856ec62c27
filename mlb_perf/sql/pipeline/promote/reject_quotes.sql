-- Quotes that are not possible.
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT raw_id, reason_code,
    pg_temp.as_words(market_key, side, line_text, price_text, sportsbook_key, external_game_id),
    record
FROM judged
WHERE reason_code IS NOT NULL
