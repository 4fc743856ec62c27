-- Quotes that are not possible. What is not offered is counted and not rejected.
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT judged.raw_id, reason_code,
    pg_temp.as_words(quote.market_key, side, line_text, price_text, judged.sportsbook_key,
            external_game_id)
        || CASE reason_code
            WHEN 'ambiguous_price'
            THEN '; American or decimal? Load it with --odds-format american or decimal'
            WHEN 'unknown_game' THEN coalesce(pg_temp.refusal(source, external_game_id), '')
            ELSE '' END,
    pg_temp.record_of(quote)
FROM judged
JOIN quote ON quote.ctid = judged.quote_place
WHERE reason_code <> 'not_offered'
