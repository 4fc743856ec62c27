-- Both sides from covering partial indexes.
SELECT c.game_id, c.sportsbook_id, c.side, o.price AS opening_price, c.price AS closing_price,
    1 / c.decimal_price - 1 / o.decimal_price AS probability_change
FROM curated.betting_lines_unified AS c
JOIN curated.betting_lines_unified AS o
  ON o.game_id = c.game_id AND o.game_date = c.game_date AND o.sportsbook_id = c.sportsbook_id
 AND o.market_type = c.market_type AND o.side = c.side AND o.source = c.source
WHERE c.is_closing AND o.is_opening
  AND c.market_type = CAST(:market_type AS text)
  AND c.game_date >= CAST(:from_date AS date) AND c.game_date < CAST(:to_date AS date)
  AND o.game_date >= CAST(:from_date AS date) AND o.game_date < CAST(:to_date AS date)
