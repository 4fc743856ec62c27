-- Quotes and splits that the server refuses, whatever rule of ours they keep: set aside, each with
-- its reason.
WITH refused AS (
    SELECT * FROM unnest(CAST(:records AS text[]), CAST(:reasons AS text[])) AS r (record, reason)
),
quotes AS (
    DELETE FROM quote USING refused WHERE pg_temp.record_of(quote)::text = refused.record
    RETURNING quote.*, pg_temp.record_of(quote) AS whole, refused.reason
),
splits AS (
    DELETE FROM split USING refused WHERE split.record::text = refused.record
    RETURNING split.*, refused.reason
)
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT raw_id, 'refused_by_server',
    pg_temp.as_words(market_key, side_key, line_text, price_text,
        coalesce(quotes.sportsbook_key, batch.sportsbook_key), external_game_id)
        || '; ' || reason, whole
FROM quotes
JOIN batch USING (raw_id)
UNION ALL
SELECT raw_id, 'refused_by_server',
    format('split of market %s at %s of game %s; %s', coalesce(market_key, 'none'),
        coalesce(splits.sportsbook_key, batch.sportsbook_key, 'no sportsbook'), external_game_id,
        reason), record
FROM splits
JOIN batch USING (raw_id)
