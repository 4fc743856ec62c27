-- The games of the batch that it is appended to: locked, and not in the queue.
INSERT INTO live_game (game_id, game_date, start_at)
SELECT l.game_id, l.game_date, l.start_at
FROM locked_game AS l
WHERE l.game_id IN (SELECT game_id FROM batch_game)
  AND NOT EXISTS (SELECT 1 FROM staging.curation_queue AS q WHERE q.game_id = l.game_id)
