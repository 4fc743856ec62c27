-- Nothing moved: the changes of line as they were counted.
INSERT INTO movement_total
SELECT old.game_id, old.market_type, old.movement_count
FROM promoted_game AS g
JOIN {stored_markets} AS old
  ON old.game_id = g.game_id AND old.game_date = g.game_date
