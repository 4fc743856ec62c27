-- Games of the batch that nothing was appended to: their whole path is made again. In
-- one order, so that no two sessions wait for each other. DO NOTHING takes no lock on a row that is there.
INSERT INTO staging.curation_queue (game_id)
SELECT DISTINCT m.game_id
FROM batch
JOIN curated.game_id_mappings AS m
  ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
WHERE NOT EXISTS (SELECT FROM live_game AS g WHERE g.game_id = m.game_id)
ORDER BY m.game_id
ON CONFLICT (game_id) DO NOTHING;

UPDATE staging.curation_queue AS q
SET parked_at = NULL, reason = NULL
FROM batch
JOIN curated.game_id_mappings AS m
  ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
WHERE q.game_id = m.game_id AND q.parked_at IS NOT NULL
