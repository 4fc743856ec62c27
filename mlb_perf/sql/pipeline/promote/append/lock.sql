-- The games of the batch, locked in one order. A game in the queue is left to
-- whoever makes its whole path again.
INSERT INTO locked_game (game_id, game_date, start_at)
SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at)
FROM curated.enhanced_games AS g
WHERE g.game_id = ANY (ARRAY(SELECT game_id FROM batch_game))
  AND NOT EXISTS (SELECT 1 FROM staging.curation_queue AS q WHERE q.game_id = g.game_id)
ORDER BY g.game_id
FOR NO KEY UPDATE OF g
