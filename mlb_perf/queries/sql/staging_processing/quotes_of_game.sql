-- What promotion reads of a game: every quote, by whatever name a source has for
-- it. Each hash part is looked at, because the names are not known here.
SELECT sportsbook_id, source, market_type, side, line_value, price, decimal_price, collected_at
FROM staging.betting_odds_unified
WHERE game_id = CAST(:game_id AS bigint)
  AND validation_status IN ('valid', 'suspect')
  AND sportsbook_id IS NOT NULL
