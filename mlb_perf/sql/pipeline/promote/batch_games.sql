-- The games of the batch.
DELETE FROM batch_game;

INSERT INTO batch_game
SELECT DISTINCT m.game_id
FROM batch
JOIN curated.game_id_mappings AS m
  ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
