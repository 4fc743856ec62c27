-- Quotes under whose key another one stands: a different price, or an alternate line.
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT judged.raw_id,
    CASE WHEN stored.line_value IS DISTINCT FROM judged.line_value THEN 'alternate_line'
        ELSE 'contradicted' END,
    format('%s; the same source said %s, %s at the same moment',
        pg_temp.as_words(quote.market_key, judged.side, quote.line_text, quote.price_text,
            judged.sportsbook_key, judged.external_game_id),
        coalesce(stored.line_value::text, 'no line'), stored.price),
    pg_temp.record_of(quote)
FROM judged
JOIN quote ON quote.ctid = judged.quote_place
JOIN staging.betting_odds_unified AS stored
  ON stored.external_game_id = judged.external_game_id
 AND stored.source = judged.source
 AND stored.sportsbook_key = judged.sportsbook_key
 AND stored.market_type = judged.market_type
 AND stored.side = judged.side
 AND stored.collected_at = judged.quoted_at
WHERE judged.reason_code IS NULL
  AND (stored.price <> judged.price OR stored.line_value IS DISTINCT FROM judged.line_value)
